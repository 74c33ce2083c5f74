import { findExecutable } from './executable.ts'
import { run } from './run.ts'

let updated: Promise<void> | undefined

/**
 * Installs Debian packages, as root or through a `sudo` that asks nothing.
 *
 * @throws Error when there is no apt-get, no right to use it, or it fails.
 */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  if (findExecutable('apt-get') === undefined)
    throw new Error(`no apt-get here: install ${packages.join(', ')} by hand`)
  updated ??= aptGet(['update'])
  await updated
  await aptGet(['install', '-y', '--no-install-recommends', ...packages])
}

async function aptGet(args: readonly string[]): Promise<void> {
  const quiet = ['-q', ...args]
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (process.getuid?.() === 0) return run('apt-get', quiet, environment)
  return run('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...quiet], environment)
}
