// Bundles the page when its sources are newer than the bundle, for what runs from the sources: `npm start` and tests.
//   node --import ./packages/console/bundle-when-newer.mjs …    before a program is loaded
//   node packages/console/bundle-when-newer.mjs                 by itself
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const folder = import.meta.dirname
const lock = join(folder, 'temp/bundling')

if (isNewer()) await bundleOnce()

/** Several processes that ask at the same time wait for the one that bundles. */
async function bundleOnce() {
  while (!take()) {
    await delay(100)
    // A process that was killed leaves its lock behind.
    if (modified(lock) > 0 && Date.now() - modified(lock) > 60_000) rmdirSync(lock)
  }
  try {
    if (isNewer()) bundle()
  } finally {
    rmdirSync(lock)
  }
}

function bundle() {
  const tsup = createRequire(join(folder, 'package.json')).resolve('tsup/dist/cli-default.js')
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }
  execFileSync(process.execPath, [tsup, '--config', 'tsup.app.config.ts', '--silent'], options)
}

function isNewer() {
  const app = join(folder, 'src/app')
  const sources = readdirSync(app, { recursive: true }).map(name => join(app, name))
  const newest = Math.max(...[...sources, join(folder, 'tsup.app.config.ts')].map(modified))
  const assets = join(folder, 'dist/assets')
  return newest > modified(assets) || !readdirSync(assets).some(name => name.endsWith('.json.br'))
}

function take() {
  try {
    mkdirSync(dirname(lock), { recursive: true })
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
