// How long the event loop stands still while keys are derived, against a loop that idles for the same time.
//   pnpm build && node_modules/.bin/node --expose-gc bench/credential-crypto/derivation.mjs
//     [--rounds 21] [--ours path/to/index.js]
// Idle and deriving take turns. Single gaps belong to whoever else uses the machine; the median of the differences does not.
import { pbkdf2 } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { interleaved, median } from './measure.mjs'
import { cipherOf, ours, randomSecret, roundsOr } from './package-under-test.mjs'
import { idle, longestGap } from './loop-gap.mjs'
import { figure, printGoals, printTable } from './table.mjs'

const keysOf = count => Array.from({ length: count }, () => ({ secret: randomSecret() }))
const phrases = count => keysOf(count).map(({ secret }) => ({ secret: `a passphrase ${secret}`, salt: randomSecret() }))
const works = {
  'bare pbkdf2, one': () => promisify(pbkdf2)('x', 'y', 100_000, 32, 'sha256'),
  'one key, v1': () => cipherOf('v1', keysOf(1)),
  'eight keys, v1': () => cipherOf('v1', keysOf(8)),
  'eight ciphers at once, v1': () => Promise.all(Array.from({ length: 8 }, () => cipherOf('v1', keysOf(1)))),
  'deriveKey, eight at once': () => Promise.all(keysOf(8).map(({ secret }) => ours.deriveKey(secret))),
}
const st2 = await cipherOf('st2')
if (st2 !== undefined) {
  works['one key, st2'] = () => cipherOf('st2', keysOf(1))
  works['eight passphrases, st2'] = () => cipherOf('st2', phrases(8))
}
console.log(`Node ${process.versions.node}`)

const rows = []
for (const [name, work] of Object.entries(works)) {
  const lasting = await milliseconds(work)
  const measured = await interleaved({ idle: () => gapOf(() => idle(lasting)), work: () => gapOf(work) }, roundsOr(21))
  const over = Math.max(0, median(measured.work.map(({ gap }, round) => gap - measured.idle[round].gap)))
  const of = (which, figureOf) => median(measured[which].map(round => round[figureOf]))
  const gaps = [of('idle', 'gap'), of('work', 'gap'), over, of('work', 'busy')]
  rows.push({ name, over, figures: [lasting, ...gaps, await fileAccess(work)] })
}
printTable(
  ['work', 'lasts ms', 'idle gap ms', 'gap ms', 'over idle ms', 'busiest turn CPU ms', 'stat meanwhile, slowest ms'],
  rows.map(({ name, figures }) => [name].concat(figures.map(figure))),
)
printGoals(rows.map(({ name, over }) => [`${name}: gap over idle, ms`, over, '≤', 5]))

async function gapOf(during) {
  globalThis.gc()
  return longestGap(during)
}

async function milliseconds(work) {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** File access needs the threads that derivations use. */
async function fileAccess(work) {
  const state = { isOver: false, slowest: 0 }
  const done = work().finally(() => (state.isOver = true))
  while (!state.isOver) state.slowest = Math.max(state.slowest, await milliseconds(() => stat(import.meta.filename)))
  await done
  return state.slowest
}
