import type { Peer } from './peer.ts'
import { peers } from './peers.ts'
import { statusOf } from './require-peer.ts'

/**
 * Run before the tests: installs what is missing when `ST_INSTALL_PEERS=1`, else says what is missing. What was found
 * goes to standard output, because whether a test ran or was skipped depends on it.
 */
for (const [name, peer] of Object.entries<Peer>(peers)) {
  try {
    const status = await statusOf(peer)
    console.log(JSON.stringify({ name, ...status }))
    if (status.status === 'missing') console.error(`MISSING: ${peer.what} — ${status.how}`)
  } catch (error) {
    console.error(`FAILED to install ${name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
