import { spawnSync } from 'node:child_process'
import { findExecutable } from './executable.ts'
import type { Peer } from './peer.ts'
import { PythonEnvironment } from './python-environment.ts'

const version = '48.0.0'
const environment = new PythonEnvironment(`cryptography-${version}`)

/** Ends with 0 from the oldest release on that stored tokens were recorded with. */
const isRecentEnough = 'import sys, cryptography as c; sys.exit(int(c.__version__.split(".")[0]) < 38)'

/** A Python with the package that SimpleTuner encrypts with: the one that was installed for tests, or the machine's. */
export const pythonCryptography: Peer<{ readonly path: string }> = {
  what: "Tests against Python's cryptography",
  how: 'install Python 3 with cryptography 38 or later, or set ST_INSTALL_PEERS=1',
  find: () => findPythonCryptography(environment),
  install: () => environment.install([`cryptography==${version}`]),
}

/** That of the environment if it is complete, else the machine's, where its package is recent enough. */
export function findPythonCryptography(made: PythonEnvironment): { readonly path: string } | undefined {
  if (made.isComplete()) return { path: made.python }
  const path = findExecutable('python3')
  const isUsable = path !== undefined && spawnSync(path, ['-c', isRecentEnough], { stdio: 'ignore' }).status === 0
  return isUsable ? { path } : undefined
}
