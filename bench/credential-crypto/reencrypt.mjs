// CPU time of bringing 100,000 stored values to another key or form, and how long the event loop stands still meanwhile.
//   pnpm build && node_modules/.bin/node --expose-gc bench/credential-crypto/reencrypt.mjs
//     [--rounds 7] [--ours path/to/index.js]
// Rows come one by one, and what is written is counted and let go, as with a database. Most of the longest gap is the
// garbage collector's, which is shown beside it: each row takes four objects of node:crypto, which it has to destroy.
import { randomBytes } from 'node:crypto'
import { PerformanceObserver } from 'node:perf_hooks'
import { idle, longestGap } from './loop-gap.mjs'
import { median } from './measure.mjs'
import { cipherOf, ours, randomSecret, roundsOr } from './package-under-test.mjs'
import { figure, printGoals, printTable } from './table.mjs'

const COUNT = 100_000
const [oldKey, newKey] = [{ secret: randomSecret() }, { secret: randomSecret() }]

const old = await cipherOf('v1', [oldKey])
const tokens = Array.from({ length: COUNT }, () => old.encrypt(randomBytes(20).toString('hex')))
console.log(`Node ${process.versions.node}`)

let longestCollection = 0
const collections = new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) longestCollection = Math.max(longestCollection, duration)
})
collections.observe({ entryTypes: ['gc'] })

const works = {
  'v1 to v1 with another key': await cipherOf('v1', [newKey, oldKey]),
  'v1 to st2': await cipherOf('st2', [newKey, oldKey]),
  'nothing to do, v1': old,
}
const rows = []
for (const [name, cipher] of Object.entries(works).filter(([, each]) => each !== undefined)) {
  const rounds = []
  for (let round = 0; round < roundsOr(7); round += 1) rounds.push(await run(cipher))
  const medians = ['seconds', 'gap', 'busy', 'collection', 'idleGap'].map(figureOf =>
    median(rounds.map(each => each[figureOf])),
  )
  rows.push({ name, medians })
}
collections.disconnect()
printTable(
  ['work', 'CPU s', 'longest gap ms', 'busiest turn CPU ms', 'longest collection ms', 'idle gap ms'],
  rows.map(({ name, medians }) => [name].concat(medians.map(figure))),
)
printGoals(
  rows.flatMap(({ name, medians: [seconds, gap, busy] }) => [
    [`${name}: CPU s`, seconds, '≤', 3],
    [`${name}: longest gap, ms`, gap, '≤', 20],
    [`${name}: busiest turn, CPU ms`, busy, '≤', 20],
  ]),
)

async function run(cipher) {
  const { gap: idleGap } = await longestGap(() => idle(200))
  let written = 0
  const options = {
    cipher,
    token: row => row.token,
    context: row => ({ table: 'credentials', id: String(row.id) }),
    write: async changes => {
      written += changes.length
    },
  }
  globalThis.gc()
  // The collector's own report comes a turn later.
  await idle(20)
  longestCollection = 0
  const before = process.cpuUsage()
  const { gap, busy, result } = await longestGap(() => ours.reencrypt(storedRows(), options))
  const { user, system } = process.cpuUsage(before)
  await idle(20)
  const changed = cipher === old ? 0 : COUNT
  if (result.seen !== COUNT || result.changed !== changed || written !== changed || result.failed.length > 0) {
    throw new Error(`not all values were brought over: ${JSON.stringify({ ...result, failed: result.failed.length })}`)
  }
  return { seconds: (user + system) / 1e6, gap, busy, collection: longestCollection, idleGap }
}

function* storedRows() {
  for (const [id, token] of tokens.entries()) yield { id, token }
}
