import type { Peer } from './peer.ts'
import { PythonEnvironment } from './python-environment.ts'

const version = '5.2.1'
const environment = new PythonEnvironment(`moto-${version}`)

/** moto, which answers for AWS. */
export const moto: Peer<{ readonly path: string }> = {
  what: 'Tests against moto (AWS Secrets Manager)',
  how: 'set ST_INSTALL_PEERS=1; needs Python 3 and its package index',
  find() {
    return environment.isComplete() ? { path: environment.python } : undefined
  },
  // moto[server] would bring four times as much.
  install: () => environment.install([`moto[secretsmanager]==${version}`, 'flask', 'flask-cors']),
}
