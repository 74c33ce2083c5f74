import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installDebianPackages } from './debian-packages.ts'
import { findExecutable } from './executable.ts'
import type { Peer } from './peer.ts'

/** A PostgreSQL that runs already, or the folder of the programs that {@link startPostgres} starts one with. */
export type PostgresPlace = { readonly url: string } | { readonly bin: string }

/** PostgreSQL. The variable has a name of its own, so that no test ever writes into an application's database. */
export const postgres: Peer<PostgresPlace> = {
  what: 'Tests against PostgreSQL',
  how: 'install it (apt-get install postgresql), set ST_INSTALL_PEERS=1, or set ST_TEST_DATABASE_URL to a server where databases may be made',
  find() {
    const { ST_TEST_DATABASE_URL: url } = process.env
    if (url) return { url }
    const bin = newestFolder()
    // It ends the server with the test run, and gives up root's rights, which PostgreSQL refuses.
    return bin === undefined || findExecutable('setpriv') === undefined ? undefined : { bin }
  },
  install: () => installDebianPackages(['postgresql']),
}

/** Debian keeps each major version in a folder of its own, outside `PATH`. */
function newestFolder(parent = '/usr/lib/postgresql'): string | undefined {
  if (!existsSync(parent)) return undefined
  return readdirSync(parent)
    .toSorted((a, b) => Number(b) - Number(a))
    .map(version => join(parent, version, 'bin'))
    .find(folder => existsSync(join(folder, 'initdb')))
}
