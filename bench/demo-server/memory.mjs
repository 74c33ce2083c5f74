// Tells how much memory the server holds after a million requests.
//   npm ci --prefix bench && pnpm install
//   node_modules/.bin/node --conditions=@st/source bench/demo-server/memory.mjs [--requests 1000000] [--warm-up 200000]
//     [--databases sqlite,postgres]
//
// Of ten requests six read a configuration, one the health, one a page of credentials, one asks for what is not there, and
// one comes with a token that is none. Heap in use and resident set, each after the heap was collected: the first collection comes
// after the warm-up, the others after each fifth of the requests.
import { parseArgs } from 'node:util'
import { formatTable } from '../ttl-cache/table.mjs'
import { sendLoad } from './load.mjs'
import { describeMachine, withServer } from './server-process.mjs'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    'warm-up': { type: 'string', default: '200000' },
    databases: { type: 'string', default: 'sqlite,postgres' },
  },
})
const [amount, warmUp] = [values.requests, values['warm-up']].map(Number)
const steps = 5

console.log(`${describeMachine()} ${amount} requests after ${warmUp}.\n`)
for (const kind of values.databases.split(',')) {
  const rows = await withServer(kind, async server => {
    await server.ask('fill', { count: 1000 })
    await send(server, warmUp)
    const first = await server.ask('memory')
    const all = [row(warmUp, first, first)]
    for (let step = 1; step <= steps; step += 1) {
      await send(server, amount / steps)
      all.push(row(warmUp + (amount / steps) * step, await server.ask('memory'), first))
    }
    return all
  })
  console.log(`${formatTable([kind, 'heap MB', 'more', 'resident MB', 'more'], rows)}\n`)
}
console.log('Goal: at most 10 MB more.')

async function send(server, count) {
  const configuration = { path: `/api/cloud/providers/${server.provider}/config` }
  const requests = [
    ...Array.from({ length: 6 }, () => configuration),
    { path: '/health/live' },
    { path: '/api/users/me/credentials' },
    { path: '/api/users/me/credentials/nobody/nothing' },
    { ...configuration, headers: { authorization: 'Bearer of nobody' } },
  ]
  const { answered, refused, errors } = await sendLoad(server, { requests, amount: count, connections: 50 })
  const isAsWanted = errors === 0 && answered + refused === count && Math.abs(refused / count - 0.2) < 0.01
  if (!isAsWanted) throw new Error(`Of ${count}: ${answered} answered, ${refused} refused, ${errors} not answered`)
}

function row(requests, now, first) {
  const more = member => megabytes(now[member] - first[member])
  return [requests, megabytes(now.heapUsed), more('heapUsed'), megabytes(now.rss), more('rss')]
}

function megabytes(bytes) {
  return (bytes / 2 ** 20).toFixed(1)
}
