// Times `npm start` and `npm test` as a stranger meets them: in a fresh clone, with every cache empty, then again.
//   node bench/start-up.mjs [start|test ...]     default: both
// Clones the committed state of this repository into a temporary folder and gives npm and pnpm a home there.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const asked = process.argv.slice(2)
const verbs = asked.length > 0 ? asked : ['start', 'test']
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'st-start-up-'))
const clone = join(folder, 'clone')
const env = { ...process.env, HOME: join(folder, 'home') }
for (const name of Object.keys(env)) if (/^(npm_|XDG_|PNPM_)/i.test(name)) delete env[name]

try {
  console.log(`Node ${process.versions.node}, npm ${output('npm', '--version')}, ${cpus().length} cores`)
  for (const verb of verbs) {
    rmSync(folder, { recursive: true, force: true })
    spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' })
    console.log(`npm ${verb}, fresh clone, empty caches: ${await time(verb)} s`)
    console.log(`npm ${verb}, again: ${await time(verb)} s`)
    rmSync(clone, { recursive: true })
    spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' })
    console.log(`npm ${verb}, fresh clone, warm caches: ${await time(verb)} s`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Seconds until the server listens, or until the tests end. */
async function time(verb) {
  const startedAt = performance.now()
  const args = verb === 'start' ? ['start', '--', '--port', '0'] : [verb]
  const child = spawn('npm', args, { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  const ready = new Promise(resolve => {
    const read = chunk => {
      printed += chunk
      if (verb === 'start' && printed.includes('Listening on')) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('close', resolve)
  })
  await ready
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const ended = child.exitCode === null ? new Promise(resolve => child.on('close', resolve)) : undefined
  child.kill('SIGTERM')
  await ended
  const last = printed.trim().split('\n').at(-1)
  if (child.exitCode !== 0) throw new Error(`npm ${verb} failed: ${last}`)
  return seconds
}

function output(command, ...args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout.trim()
}
