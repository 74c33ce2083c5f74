// What `npm start` and `npm test` run: fetches the pinned pnpm, installs, then hands over.
//   node scripts/run.mjs node [ARG ...]    runs the pinned Node with these arguments
//   node scripts/run.mjs pnpm SCRIPT       runs a script of the root package.json on the pinned Node
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_loglevel: 'error' }
const [mode, ...rest] = process.argv.slice(2)

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
/** @type {NodeJS.Signals | undefined} */
let stopping
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stopping = signal
    // From a terminal the whole group gets it; sent to npm alone, only this process does.
    running?.kill(signal)
  })
}

requireNode(20, 0, 'start')
const pnpm = await findPnpm()
env.PATH = dirname(pnpm) + delimiter + env.PATH
await install()
// Found in both cases: a script needs it as much, and gets it from node_modules/.bin.
const node = findNode()
// A start takes a quarter less when code is found compiled. In the clone: the folder that Node chooses is everybody's.
if (mode === 'node') env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled')
const { code } = mode === 'node' ? await run(node, rest) : await run(pnpm, ['--silent', 'run', ...rest])
process.exitCode = code

async function findPnpm() {
  const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  // Without --prefer-offline npx waits more than a minute for the registry when there is no network.
  const npx = ['-y', '--prefer-offline', `--package=${pinned}`, '-c', 'command -v pnpm']
  const found = await run('npx', npx, ['ignore', 'pipe', 'inherit'])
  if (found.code !== 0) fail(`Cannot fetch ${pinned} through npx: check the network and the npm registry.`, found.code)
  return found.output.trim()
}

async function install() {
  if (!existsSync(join(root, 'node_modules'))) console.error('Installing; the first time this takes about 20 seconds.')
  const quiet = await run(pnpm, ['install', '--frozen-lockfile', '--reporter=silent'])
  if (quiet.code === 0) return
  // Once more, so that the reason is told: the silent reporter keeps that to itself too.
  const again = await run(pnpm, ['install', '--frozen-lockfile', '--loglevel=warn'], ['ignore', 2, 2])
  if (again.code !== 0) fail('pnpm install failed; its message is above.', again.code)
}

/** Node for the workspace: the packaged one, else the machine's when it is new enough. */
function findNode() {
  const packaged = join(root, 'node_modules/.bin/node')
  if (existsSync(packaged)) return packaged
  requireNode(24, 0, 'run this repository')
  return process.execPath
}

function requireNode(major, minor, purpose) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  fail(`Node ${process.versions.node} is too old to ${purpose}: install Node ${major}.${minor} or newer.`)
}

function run(command, args, stdio = 'inherit') {
  if (stopping) process.exit(128 + constants.signals[stopping])
  return new Promise(resolve => {
    let output = ''
    running = spawn(command, args, { cwd: root, env, stdio })
    running.stdout?.on('data', chunk => (output += chunk))
    running.on('error', error => fail(`Cannot run ${command}: ${error.code}.`))
    running.on('close', (status, signal) => {
      running = undefined
      resolve({ code: signal ? 128 + constants.signals[signal] : status, output })
    })
  })
}

function fail(message, status = 1) {
  console.error(message)
  process.exit(status || 1)
}
