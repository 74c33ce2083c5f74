// Compares reading a provider's configuration through the cache with the same route that answers a constant, and with the
// same route that asks the database each time; over SQLite and PostgreSQL.
//   npm ci --prefix bench && pnpm install
//   node_modules/.bin/node --conditions=@st/source bench/demo-server/requests.mjs [--rounds 5] [--seconds 5]
//     [--connections 200] [--databases sqlite,postgres]
//
// One API token, which is in the user-permission cache like its permissions. The server is a process, autocannon another.
// In each round each route has its turn, another one first each time; ratios are taken within a round. Medians; p99 (worst).
import { parseArgs } from 'node:util'
import { median } from '../ttl-cache/median.mjs'
import { formatTable } from '../ttl-cache/table.mjs'
import { requireAnswered, sendLoad } from './load.mjs'
import { describeMachine, withServer } from './server-process.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '200' },
    databases: { type: 'string', default: 'sqlite,postgres' },
  },
})
const [rounds, seconds, connections] = [values.rounds, values.seconds, values.connections].map(Number)

console.log(`${describeMachine()} ${connections} connections, ${rounds} rounds of ${seconds} s.\n`)
for (const kind of values.databases.split(',')) {
  const figures = await withServer(kind, measure)
  const { constant, uncached } = figures
  const rows = Object.entries(figures).map(([name, ofRounds]) => {
    const [perSecond, p50, p99] = ['perSecond', 'p50', 'p99'].map(figure => ofRounds.map(result => result[figure]))
    return [
      name,
      median(perSecond).toFixed(0),
      median(p50).toFixed(0),
      `${median(p99).toFixed(0)} (${Math.max(...p99)})`,
      ratios(perSecond, constant, 'perSecond'),
      ratios(perSecond, uncached, 'perSecond'),
      ratios(p99, constant, 'p99'),
    ]
  })
  const head = [kind, 'requests/s', 'p50 ms', 'p99 ms', 'x of constant', 'x of uncached', 'p99 x of constant']
  console.log(`${formatTable(head, rows)}\n`)
}
console.log('Goals, cached: ≥ 0.8 x of constant, ≥ 3 x of uncached on PostgreSQL, p99 ≤ 2 x of constant.')

async function measure(server) {
  const paths = { constant: '/bench/constant', uncached: '/bench/uncached', cached: '' }
  const names = Object.keys(paths)
  const results = Object.fromEntries(names.map(name => [name, []]))
  // The first one is for warming up.
  for (let round = -1; round < rounds; round += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(step + round + 1) % names.length]
      const path = `${paths[name]}/api/cloud/providers/${server.provider}/config`
      const result = await sendLoad(server, { path, connections, duration: seconds })
      requireAnswered(result)
      if (round >= 0) results[name].push(result)
    }
  }
  return results
}

/** To another route in the same round: the median, and from the smallest to the largest. */
function ratios(ofRounds, others, figure) {
  const all = ofRounds.map((value, round) => value / others[round][figure])
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`
}
