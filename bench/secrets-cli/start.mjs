// Times `st-secrets` from its start to its end, against Node that does nothing, in the same rounds.
//   pnpm build
//   node bench/secrets-cli/start.mjs [--rounds 40]
//
// Wall-clock milliseconds of whole processes, one after the other, with compiled code kept as a user has it from the second
// start on. Minima say what the program costs; medians also say what else the machine did.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../ttl-cache/median.mjs'
import { readOptions } from '../ttl-cache/options.mjs'
import { formatTable } from '../ttl-cache/table.mjs'

const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const program = fileURLToPath(new URL('../../packages/secrets-cli/dist/bin.js', import.meta.url))
const { rounds } = readOptions({ rounds: 40 })
const home = mkdtempSync(join(tmpdir(), 'st-bench-'))
const config = join(home, 'app.json')
writeFileSync(config, JSON.stringify({ providers: [{ use: 'env' }, { use: 'file' }] }))
writeFileSync(join(home, 'values.json'), '{"OF_A_FILE": "x"}', { mode: 0o600 })
const file = join(home, 'file.json')
writeFileSync(file, JSON.stringify({ providers: [{ use: 'file', options: { filePath: 'values.json' } }] }))

const programs = {
  'node -e 0': ['-e', '0'],
  'get, environment': [program, 'get', 'OF_THE_ENVIRONMENT'],
  'get, environment, nothing compiled': [program, 'get', 'OF_THE_ENVIRONMENT'],
  'get, environment, configuration': [program, 'get', 'OF_THE_ENVIRONMENT', '--config', config],
  'get, file': [program, 'get', 'OF_A_FILE', '--config', file],
  'get --help': [program, 'get', '--help'],
  list: [program, 'list'],
  'run -- true': [program, 'run', '--', 'true'],
}
const names = Object.keys(programs)
const times = Object.fromEntries(names.map(name => [name, []]))
try {
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const ms = time(name)
      // The first compiles.
      if (round >= 0) times[name].push(ms)
    }
  }
} finally {
  rmSync(home, { recursive: true })
}

const least = name => Math.min(...times[name])
const rows = names.map(name => [
  name,
  least(name).toFixed(1),
  (least(name) / least(names[0])).toFixed(2),
  median(times[name]).toFixed(1),
  (median(times[name]) / median(times[names[0]])).toFixed(2),
])
const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
console.log(`Node ${version}, ${cpus()[0].model.trim()}, ${cpus().length} cores, ${rounds} rounds.\n`)
console.log(formatTable(['', 'least ms', '× node', 'median ms', '× node'], rows))
console.log('\nGoals: get, environment: at most 2.2 × node, and 60 ms on an idle machine of two cores.')

function time(name) {
  const env = { PATH: process.env.PATH, HOME: home, OF_THE_ENVIRONMENT: 'x' }
  if (name.includes('nothing compiled')) env.NODE_DISABLE_COMPILE_CACHE = '1'
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(node, programs[name], { cwd: home, env, encoding: 'utf8' })
  const ms = performance.now() - startedAt
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
  return ms
}
