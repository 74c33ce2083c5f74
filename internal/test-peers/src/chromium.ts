import { installDebianPackages } from './debian-packages.ts'
import { findExecutable } from './executable.ts'
import type { Peer } from './peer.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** A browser of the Chromium family. */
export const chromium: Peer<{ readonly path: string }> = {
  what: 'Browser tests',
  how: 'install Chromium (apt-get install chromium fonts-dejavu-core), or set ST_INSTALL_PEERS=1',
  find() {
    const path = names.map(findExecutable).find(found => found !== undefined)
    return path === undefined ? undefined : { path }
  },
  install: () => installDebianPackages(['chromium', 'fonts-dejavu-core']),
}
