// CPU time of decrypting what is not written as usual, and with keys that come late in the ring.
//   pnpm build && taskset -c 0 node_modules/.bin/node --expose-gc bench/credential-crypto/spellings-and-keys.mjs
//     [--rounds 15] [--ours path/to/index.js]
import { randomBytes } from 'node:crypto'
import { Floor } from './floor.mjs'
import { countLasting, cpuTime, interleaved, loopOf, median, ratio } from './measure.mjs'
import { cipherOf, randomSecret, roundsOr } from './package-under-test.mjs'
import { figure, printGoals, printTable } from './table.mjs'

const BATCH_MS = 60

console.log(`Node ${process.versions.node}`)
await compareSpellings()
await compareKeys('v1')
await compareKeys('st2')

/** Python skips what is no base64; where that costs more than linear time, a long value stops the program. */
async function compareSpellings() {
  const cipher = await cipherOf('v1')
  const floor = new Floor()
  const text = randomBytes(32_768).toString('hex')
  const token = cipher.encrypt(text)
  const measured = await interleaved(
    {
      floor: timeOf(floor, floor.tokenOf(text)),
      canonical: timeOf(cipher, token),
      'outer layer in lines': timeOf(cipher, inLines(token)),
      'inner layer in lines': timeOf(cipher, outer(inLines(inner(token)))),
      'both in lines': timeOf(cipher, inLines(outer(inLines(inner(token))))),
      'a space after each character': timeOf(cipher, token.replaceAll(/./g, '$& ')),
      '256 KiB, both in lines': timeOf(cipher, inLines(outer(inLines(inner(cipher.encrypt(text.repeat(4))))))),
    },
    roundsOr(15),
  )
  const against = (name, base) => ratio(measured[name], measured[base])
  console.log('\n## Decrypting 64 KiB in other spellings')
  printTable(
    ['spelling', 'µs', 'x floor'],
    Object.keys(measured).map(name => [name, figure(median(measured[name])), figure(against(name, 'floor'))]),
  )
  const lenient = Object.keys(measured).filter(name => name.includes('lines') && !name.startsWith('256'))
  printGoals([
    ['slowest in lines, against the floor', Math.max(...lenient.map(name => against(name, 'floor'))), '≤', 8],
    ['256 KiB against 64 KiB', against('256 KiB, both in lines', 'both in lines'), '≤', 5],
  ])
}

/** @param {'v1' | 'st2'} format */
async function compareKeys(format) {
  const old = { secret: randomSecret() }
  const single = await cipherOf(format, [old])
  if (single === undefined) return
  const token = single.encrypt(randomBytes(20).toString('hex'))
  const rings = [0, 1, 2, 4, 8]
  const contenders = {}
  for (const count of rings) {
    const keys = Array.from({ length: count }, () => ({ secret: randomSecret() }))
    contenders[count] = timeOf(await cipherOf(format, [...keys, old]), token)
  }
  const measured = await interleaved(contenders, roundsOr(15))
  const against = count => ratio(measured[count], measured[0])
  console.log(`\n## Decrypting 40 bytes with the oldest key, ${format}`)
  printTable(
    ['keys before it', 'µs', 'x single key'],
    rings.map(count => [count, figure(median(measured[count])), figure(against(count))]),
  )
  const limit = count => (format === 'v1' ? 1 + 0.5 * count : 1.1)
  printGoals(rings.slice(1).map(count => [`${count} keys before it`, against(count), '≤', limit(count)]))
}

function timeOf(contender, token) {
  const run = loopOf('decrypt', contender, token)
  const count = countLasting(run, BATCH_MS)
  return () => cpuTime(run, count)
}

function inLines(text) {
  return text.replaceAll(/.{76}/g, '$&\n')
}

function inner(token) {
  return Buffer.from(token, 'base64').toString('latin1')
}

function outer(text) {
  return Buffer.from(text, 'latin1').toString('base64')
}
