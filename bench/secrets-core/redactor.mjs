// How fast the redactor goes through logs, beside replacing each spelling of each value in turn.
//   pnpm build && taskset -c 1 node_modules/.bin/node --expose-gc bench/secrets-core/redactor.mjs [--rounds 5]
//     [--ours path/to/redactor.js]
// Times are CPU time of the whole process, garbage collection and other threads included.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { cpuTime, interleaved, median, ratio } from '../credential-crypto/measure.mjs'
import { figure, printTable } from '../credential-crypto/table.mjs'

const built = fileURLToPath(new URL('../../packages/secrets-core/dist/redactor.js', import.meta.url))
const { values: options } = parseArgs({
  options: { ours: { type: 'string', default: built }, rounds: { type: 'string', default: '5' } },
})
if (!existsSync(options.ours)) throw new Error(`${options.ours} does not exist: run pnpm build`)
if (globalThis.gc === undefined) throw new Error('run with node --expose-gc')

const { createRedactor } = await import(pathToFileURL(options.ours).href)
const rounds = Number(options.rounds)

/** Enough for many passes of the fast ones and few enough for the slow ones. */
const LOG_CHARACTERS = 1_000_000
const CHUNK = 65_536

console.log(`Node ${process.versions.node}`)
for (const count of [10, 1000]) {
  const secrets = Array.from({ length: count }, () => randomBytes(30).toString('base64url'))
  await compareTexts(count, secrets)
}
await measureShapes()
await measureStart()

/** @param {number} count */
async function compareTexts(count, secrets) {
  const quiet = logText(() => '')
  const loud = logText(index => (index % 10 === 0 ? ` token=${secrets[index % count]}` : ''))
  const contenders = {
    ours: redact(ours(secrets)),
    'split and join': splitAndJoin(secrets),
    'one pattern': onePattern(secrets),
  }
  for (const [name, text] of [
    ['no value in it', quiet],
    ['a value in every tenth line', loud],
  ]) {
    for (const contender of Object.values(contenders)) contender(text.slice(0, 10_000))
    const measured = await interleaved(
      Object.fromEntries(Object.entries(contenders).map(([each, run]) => [each, timeOf(run, text)])),
      rounds,
    )
    console.log(`\n## ${count} values, ${name}`)
    printTable(
      ['contender', 'MB/s', 'times ours'],
      Object.keys(measured).map(each => [
        each,
        figure(text.length / median(measured[each])),
        figure(ratio(measured[each], measured.ours)),
      ]),
    )
  }
}

/** What slows it down: lines one by one, streams, short values, text full of escapes. */
async function measureShapes() {
  const [long, short] = [secretsOf(1000, 30), secretsOf(1000, 3).map(secret => secret.padEnd(4, 'x'))]
  const text = logText(() => '')
  const lines = text.split(/(?<=\n)/)
  const json = JSON.stringify(JSON.stringify({ text }))
  const redactor = ours(long)
  const runs = {
    'text of a megabyte': { text, run: redact(redactor) },
    'line by line': { text, run: () => lines.reduce((length, line) => length + redactor.text(line).length, 0) },
    'JSON in JSON': { text: json, run: redact(redactor) },
    'values of 4 characters': { text, run: redact(ours(short)) },
    base64: { text: randomBytes(750_000).toString('base64'), run: redact(redactor) },
    hex: { text: randomBytes(500_000).toString('hex'), run: redact(redactor) },
  }
  const measured = await interleaved(
    Object.fromEntries(Object.entries(runs).map(([name, { text: each, run }]) => [name, timeOf(run, each)])),
    rounds,
  )
  const streamed = []
  for (let round = 0; round < rounds; round += 1) streamed.push(await streamTime(redactor, text))
  console.log('\n## 1000 values, what is redacted')
  printTable(
    ['text', 'MB/s'],
    Object.keys(measured)
      .map(name => [name, figure(runs[name].text.length / median(measured[name]))])
      .concat([[`stream, chunks of ${CHUNK / 1024} KiB`, figure(text.length / median(streamed))]]),
  )
}

/** What values cost before the first text, and while they are known. */
async function measureStart() {
  const rows = []
  for (const [shape, secrets] of [
    ['40 letters and digits', secretsOf(1000, 30)],
    ['20 signs of all kinds', Array.from({ length: 1000 }, () => signs(20))],
  ]) {
    const made = []
    const again = []
    for (let round = 0; round < rounds; round += 1) {
      made.push(cpuTime(() => ours(secrets).text('x'), 1) / secrets.length)
      const known = ours(secrets)
      again.push(cpuTime(() => secrets.forEach(secret => known.protect(secret, 'KEY')), 1) / secrets.length)
    }
    globalThis.gc()
    const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
    const kept = ours(secrets)
    kept.text('x')
    globalThis.gc()
    const bytes = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before
    rows.push([shape, figure(median(made)), figure(median(again)), figure(bytes / secrets.length / 1000), kept.skipped])
  }
  console.log('\n## 1000 values, each')
  printTable(['value of', 'µs to protect and look for', 'µs to protect again', 'kB kept', 'skipped'], rows)
}

function timeOf(run, text) {
  const passes = Math.max(1, Math.round(50_000 / cpuTime(() => run(text), 1)))
  return () => cpuTime(() => repeat(passes, () => run(text)), 1) / passes
}

function repeat(count, run) {
  for (let index = 0; index < count; index += 1) run()
}

async function streamTime(redactor, text) {
  const { readable, writable } = redactor.stream()
  const before = process.cpuUsage()
  const reading = (async () => {
    for await (const chunk of readable) if (chunk.length === 0) throw new Error('an empty chunk')
  })()
  const writer = writable.getWriter()
  for (let start = 0; start < text.length; start += CHUNK) await writer.write(text.slice(start, start + CHUNK))
  await writer.close()
  await reading
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function ours(secrets) {
  const redactor = createRedactor()
  for (const [index, secret] of secrets.entries()) redactor.protect(secret, `KEY_${index}`)
  return redactor
}

function redact(redactor) {
  return text => redactor.text(text)
}

/** What one writes first: every spelling of every value, one after the other. */
function splitAndJoin(secrets) {
  const needles = secrets.flatMap((secret, index) => spellings(secret).map(each => [each, `[KEY_${index}]`]))
  return text => needles.reduce((result, [needle, marker]) => result.split(needle).join(marker), text)
}

/** What one writes next: all of them as one regular expression. */
function onePattern(secrets) {
  const markers = new Map(secrets.flatMap((secret, index) => spellings(secret).map(each => [each, `[KEY_${index}]`])))
  const escaped = [...markers.keys()].map(needle => needle.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  const pattern = new RegExp(escaped.toSorted((a, b) => b.length - a.length).join('|'), 'g')
  return text => text.replaceAll(pattern, needle => markers.get(needle))
}

/** Fewer than the redactor looks for: no JSON in JSON, no encoder but JavaScript's. */
function spellings(secret) {
  const base64 = [0, 1, 2].map(before => {
    const length = before + Buffer.byteLength(secret)
    const encoded = Buffer.from(' '.repeat(before) + secret).toString('base64')
    return encoded.slice(before > 0 ? before + 1 : 0, Math.floor((length * 4) / 3))
  })
  const url = base64.map(each => each.replaceAll('+', '-').replaceAll('/', '_'))
  const hex = Buffer.from(secret).toString('hex')
  const bytes = hex.replaceAll(/../g, '%$&')
  const texts = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes, bytes.toUpperCase()]
  return [...new Set([...texts, ...base64, ...url, hex, hex.toUpperCase()])]
}

function secretsOf(count, bytes) {
  return Array.from({ length: count }, () => randomBytes(bytes).toString('base64url'))
}

function signs(length) {
  return Array.from(randomBytes(length), byte => String.fromCharCode(0x21 + (byte % 94))).join('')
}

function logText(behind) {
  const lines = []
  for (let index = 0, length = 0; length < LOG_CHARACTERS; index += 1) {
    const id = randomBytes(16).toString('hex')
    const line = `2026-11-22T10:11:12.${index % 1000}Z info [http] GET /api/v1/models/${id}?page=${index % 50} 200 ${index % 300}ms agent="Mozilla/5.0 (X11; Linux x86_64)"${behind(index)}\n`
    lines.push(line)
    length += line.length
  }
  return lines.join('')
}
