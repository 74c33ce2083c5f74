// CPU time of bringing 100,000 stored values to another key or form, and how long the event loop stands still meanwhile.
//   pnpm build && node_modules/.bin/node --expose-gc bench/credential-crypto/reencrypt.mjs
//     [--rounds 5] [--ours path/to/index.js]
// Writing a batch costs nothing here but a turn of the loop, so that the figure is the package's own.
import { randomBytes } from 'node:crypto'
import { idle, longestGap } from './loop-gap.mjs'
import { median } from './measure.mjs'
import { cipherOf, ours, randomSecret, roundsOr } from './package-under-test.mjs'
import { figure, printGoals, printTable } from './table.mjs'

const COUNT = 100_000
const [oldKey, newKey] = [{ secret: randomSecret() }, { secret: randomSecret() }]
const context = row => ({ table: 'credentials', id: String(row.id) })

const old = await cipherOf('v1', [oldKey])
const stored = Array.from({ length: COUNT }, (_, id) => ({ id, token: old.encrypt(randomBytes(20).toString('hex')) }))
console.log(`Node ${process.versions.node}`)

const works = {
  'v1 to v1 with another key': await cipherOf('v1', [newKey, oldKey]),
  'v1 to st2': await cipherOf('st2', [newKey, oldKey]),
  'nothing to do, v1': old,
}
const rows = []
for (const [name, cipher] of Object.entries(works).filter(([, each]) => each !== undefined)) {
  const rounds = []
  for (let round = 0; round < roundsOr(5); round += 1) rounds.push(await run(cipher))
  const [seconds, wall, gap, idleGap] = ['seconds', 'wall', 'gap', 'idleGap'].map(of =>
    median(rounds.map(each => each[of])),
  )
  rows.push({ name, seconds, wall, gap, idleGap })
}
printTable(
  ['work', 'CPU s', 'wall s', 'longest gap ms', 'idle gap ms'],
  rows.map(row => [row.name].concat([row.seconds, row.wall, row.gap, row.idleGap].map(figure))),
)
printGoals(
  rows.flatMap(({ name, seconds, gap }) => [
    [`${name}: CPU s`, seconds, '≤', 3],
    [`${name}: longest gap, ms`, gap, '≤', 20],
  ]),
)

async function run(cipher) {
  globalThis.gc()
  const { gap: idleGap } = await longestGap(() => idle(200))
  const written = new Map()
  const write = async changes => {
    for (const { row, token } of changes) written.set(row.id, token)
  }
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const { gap, result } = await longestGap(() =>
    ours.reencrypt(stored, { cipher, token: row => row.token, context, write }),
  )
  const { user, system } = process.cpuUsage(before)
  const wall = (performance.now() - startedAt) / 1000
  const changed = cipher === old ? 0 : COUNT
  if (result.seen !== COUNT || result.changed !== changed || written.size !== changed || result.failed.length > 0) {
    throw new Error(`not all values were brought over: ${JSON.stringify({ ...result, failed: result.failed.length })}`)
  }
  return { seconds: (user + system) / 1e6, wall, gap, idleGap }
}
