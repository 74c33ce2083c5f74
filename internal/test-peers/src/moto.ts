import { existsSync } from 'node:fs'
import { installDebianPackages } from './debian-packages.ts'
import type { Peer } from './peer.ts'
import { PythonEnvironment } from './python-environment.ts'
import { run } from './run.ts'

const version = '5.2.1'
const environment = new PythonEnvironment(`moto-${version}`)

/** moto, which answers for AWS. */
export const moto: Peer<{ readonly path: string }> = {
  what: 'Tests against moto (AWS Secrets Manager)',
  how: 'set ST_INSTALL_PEERS=1; needs Python 3 and its package index',
  find() {
    return environment.isComplete() ? { path: environment.python } : undefined
  },
  async install() {
    // Debian ships Python without what makes environments.
    const makesEnvironments = await run('python3', ['-c', 'import venv, ensurepip']).then(
      () => true,
      () => false,
    )
    if (!makesEnvironments) await installDebianPackages(['python3', 'python3-venv'])
    // moto[server] would bring four times as much.
    await environment.make([`moto[secretsmanager]==${version}`, 'flask', 'flask-cors'])
    if (!existsSync(environment.python)) throw new Error('the environment for moto has no Python')
  },
}
