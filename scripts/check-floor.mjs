// `npm run test:floor` after the installation: the packages' tests and the pack checks, on the oldest Node that the
// packages promise to run on. Everything else runs on the pinned Node and needs no second one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChecks, turboOptions } from './run-checks.mjs'

/** Said to users by `engines` in every package.json under `packages/`. */
const version = '22.18.0'
const node = findFloor()

await runChecks({
  lanes: [
    [
      ['packages build', 'turbo', 'run', 'build', ...turboOptions],
      [`each packed package works alone on Node ${version}`, 'turbo', 'run', 'pack-check', ...turboOptions],
    ],
  ],
  tests: () => ({ node, groups: ['packages'] }),
  env: { ST_NODE: node },
})

/** Path of that Node, from the registry the first time. */
function findFloor() {
  const name = `node-${process.platform}-${process.arch}`
  const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules/.cache/st-floor', version)
  const binary = join(folder, 'node_modules', name, 'bin/node')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  // Named, because npm would take the workspace's folder for the project.
  const here = ['--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']
  const installed = spawnSync('npm', ['install', ...here, `${name}@${version}`], { cwd: folder, stdio: 'inherit' })
  if (installed.status === 0) return binary
  console.error(`Cannot install ${name}@${version} with npm; its message is above.`)
  process.exit(1)
}
