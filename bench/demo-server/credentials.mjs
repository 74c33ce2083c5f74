// Lists the credentials of a user who has 100,000 of them, and changes the key that encrypts them while others use the
// server; over SQLite and PostgreSQL.
//   npm ci --prefix bench && pnpm install
//   node_modules/.bin/node --conditions=@st/source bench/demo-server/credentials.mjs [--credentials 100000] [--pages 200]
//     [--databases sqlite,postgres]
//
// Pages of 100 from the beginning, one after another, each with the cursor of the one before; then as many with 20, and
// those of the stale ones. The others, from a process of their own: per second 100 reads of a configuration, 40 of a
// page, 40 of a credential, and 20 times one is stored; for ten seconds before, and as long as the rotation lasts.
// Latencies are from the moment when a request was due, evenly over time.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median } from '../ttl-cache/median.mjs'
import { formatTable } from '../ttl-cache/table.mjs'
import { requireAnswered, sendSteadyLoad } from './load.mjs'
import { describeMachine, withServer } from './server-process.mjs'

const { values } = parseArgs({
  options: {
    credentials: { type: 'string', default: '100000' },
    pages: { type: 'string', default: '200' },
    databases: { type: 'string', default: 'sqlite,postgres' },
  },
})
const [count, pages] = [values.credentials, values.pages].map(Number)
const mine = '/api/users/me/credentials'
const quietSeconds = 10
const others = [
  { title: 'a configuration', path: '/api/cloud/providers/replicate/config', perSecond: 100 },
  { title: 'a page of 20', path: mine, perSecond: 40 },
  { title: 'a credential', path: `${mine}/provider-1/credential-1`, perSecond: 40 },
  {
    title: 'storing one',
    path: mine,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'provider-0', name: 'credential-0', value: 'another' }),
    perSecond: 20,
  },
]

console.log(`${describeMachine()} ${count} credentials.`)
for (const kind of values.databases.split(',')) {
  await withServer(kind, async server => {
    await server.ask('fill', { count })
    // It does so by itself within a minute.
    if (kind === 'postgres') await server.ask('analyze')
    const lists = [
      [`${mine}?limit=100`, 'page of 100'],
      [`${mine}?limit=20`, 'page of 20'],
      [`${mine}?limit=100&provider=provider-42`, 'page of 100 of a provider'],
      [`${mine}/stale?limit=100`, 'page of 100 stale ones'],
    ]
    const listed = []
    for (const [path, title] of lists) listed.push([title, ...(await walk(server, path))])
    console.log(`\n${formatTable([kind, 'pages', 'median ms', 'p99 ms', 'worst ms'], listed)}`)

    const before = await sendFor(server, quietSeconds * 1000)
    const rotation = await rotateUnderLoad(server)
    const rows = [...rowsOf('before', before), ...rowsOf('meanwhile', rotation.results)]
    console.log(`\n${formatTable(['', 'request', 'answered', 'p50 ms', 'p99 ms', 'worst ms'], rows)}`)
    console.log(`\nRotated in ${rotation.seconds.toFixed(1)} s.`)
  })
}
console.log('\nGoals: a page ≤ 20 ms, rotation ≤ 60 s with a p99 of other requests ≤ 100 ms.')

/** How long pages take, as they are answered. */
async function walk(server, path) {
  // Compiles what it runs.
  await read(server, path)
  const times = []
  let cursor
  do {
    const startedAt = performance.now()
    const next = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await read(server, path + next)
    times.push(performance.now() - startedAt)
    cursor = page.nextCursor
  } while (cursor !== undefined && times.length < pages)
  const sorted = times.toSorted((a, b) => a - b)
  const figures = [median(sorted), sorted[Math.ceil(sorted.length * 0.99) - 1], sorted.at(-1)]
  return [times.length, ...figures.map(ms => ms.toFixed(1))]
}

async function sendFor(server, ms) {
  const load = await sendSteadyLoad(server, others)
  await delay(ms)
  return load.stop()
}

async function rotateUnderLoad(server) {
  const load = await sendSteadyLoad(server, others)
  const startedAt = performance.now()
  await server.ask('rotate')
  let rotation
  do {
    await delay(100)
    rotation = await read(server, '/api/keys/rotation')
  } while (rotation.state !== 'done' && rotation.state !== 'failed')
  const seconds = (performance.now() - startedAt) / 1000
  const results = await load.stop()
  if (rotation.state === 'failed') throw new Error('The rotation failed')
  return { seconds, results }
}

async function read({ url, token }, path) {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  return answer
}

function rowsOf(when, results) {
  return results.map(({ title, answered, p50, p99, max, ...failed }) => {
    requireAnswered(failed)
    return [when, title, answered, ...[p50, p99, max].map(ms => ms.toFixed(0))]
  })
}
