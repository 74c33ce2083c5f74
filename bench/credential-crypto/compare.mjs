// CPU time of encrypting and decrypting one credential, against the same cipher and HMAC in bare node:crypto.
//   pnpm build && npm ci --prefix bench
//   taskset -c 0 node_modules/.bin/node --expose-gc bench/credential-crypto/compare.mjs
//     [--rounds 15] [--only 40,1024,65536] [--ours path/to/index.js] [--python /usr/bin/python3]
// All contenders work in this process (Python in one of its own, by its own clock), once a round, in an order that turns
// round each time. `x` is the median over the rounds of the ratio to the floor of the same round; times are medians.
import { randomBytes } from 'node:crypto'
import { Floor, JoinedFloor } from './floor.mjs'
import { countLasting, cpuTime, interleaved, loopOf, median, ratio } from './measure.mjs'
import { npmFernet } from './npm-fernet.mjs'
import { cipherOf, isAskedFor, pythonCommand, roundsOr } from './package-under-test.mjs'
import { PythonContender } from './python-contender.mjs'
import { figure, printGoals, printTable } from './table.mjs'

const BATCH_MS = 60

/** What the issue asks for, encrypting and decrypting together. */
const goals = {
  40: { floor: 1.4, fernet: 10, python: 3 },
  1024: { floor: 1.6, fernet: 12, python: 2.2 },
  65_536: { floor: 1.6, python: 3 },
}

const python = await PythonContender.start(pythonCommand)
const contenders = {
  floor: new Floor(),
  'floor, joined': new JoinedFloor(),
  'st v1': await cipherOf('v1'),
  'npm fernet': npmFernet(),
}
console.log(`Node ${process.versions.node}, npm fernet 0.4.0, ${python?.version ?? 'no Python with cryptography'}`)

for (const size of Object.keys(goals).filter(isAskedFor)) {
  printSize(
    size,
    await interleaved({ ...entrants(contenders, size), ...(python && pythonEntrant(size)) }, roundsOr(15)),
  )
}
python?.end()

// Last, because what Node's functions have seen of another cipher slows them for the first one too.
const forms = { floor: contenders.floor, 'st v1': contenders['st v1'], 'st st2': await cipherOf('st2') }
for (const size of Object.keys(goals).filter(isAskedFor)) {
  if (forms['st st2'] !== undefined) printForms(size, await interleaved(entrants(forms, size), roundsOr(15)))
}

function entrants(list, size) {
  const text = textOf(size)
  return Object.fromEntries(Object.entries(list).map(([name, contender]) => [name, entrant(contender, text)]))
}

function pythonEntrant(size) {
  const text = textOf(size)
  const count = Math.ceil((BATCH_MS * 1000) / (20 + text.length / 100))
  return {
    Python: async () => total(await python.time('encrypt', text, count), await python.time('decrypt', text, count)),
  }
}

/** Ordinary characters, in one flat string. */
function textOf(size) {
  return randomBytes(size / 2).toString('hex')
}

function entrant(contender, text) {
  const token = contender.tokenOf?.(text) ?? contender.encrypt(text)
  const [encrypt, decrypt] = [loopOf('encrypt', contender, text), loopOf('decrypt', contender, token)]
  const counts = [countLasting(encrypt, BATCH_MS), countLasting(decrypt, BATCH_MS)]
  return () => total(cpuTime(encrypt, counts[0]), cpuTime(decrypt, counts[1]))
}

function total(encrypt, decrypt) {
  return { encrypt, decrypt, both: encrypt + decrypt }
}

function printSize(size, measured) {
  console.log(`\n## ${size} bytes`)
  printTimes(measured)
  const against = (name, base) => ratioOf(measured, [name, base])
  printGoals([
    ['v1 against the floor', against('st v1', 'floor'), '≤', goals[size].floor],
    ['v1 against the joined floor', against('st v1', 'floor, joined'), '≤', goals[size].floor],
    ['npm fernet against v1', against('npm fernet', 'st v1'), '≥', goals[size].fernet],
    ['Python against v1', against('Python', 'st v1'), '≥', goals[size].python],
  ])
}

function printForms(size, measured) {
  console.log(`\n## ${size} bytes, both forms in one process`)
  printTimes(measured)
  printGoals([
    ['st2 against v1, encrypt', ratioOf(measured, ['st st2', 'st v1'], 'encrypt'), '≤', 1.1],
    ['st2 against v1, decrypt', ratioOf(measured, ['st st2', 'st v1'], 'decrypt'), '≤', 0.9],
  ])
}

function printTimes(measured) {
  const cells = (name, work) => [
    figure(median(roundsOf(measured, name, work))),
    figure(ratioOf(measured, [name, 'floor'], work)),
  ]
  printTable(
    ['contender', 'encrypt µs', 'x', 'decrypt µs', 'x', 'both µs', 'x'],
    Object.keys(measured).map(name => [name].concat(['encrypt', 'decrypt', 'both'].flatMap(work => cells(name, work)))),
  )
}

function ratioOf(measured, [name, base], work = 'both') {
  return ratio(roundsOf(measured, name, work), roundsOf(measured, base, work))
}

function roundsOf(measured, name, work) {
  return measured[name]?.map(round => round[work]) ?? []
}
