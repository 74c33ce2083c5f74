import { withInstallLock } from './install-lock.ts'
import type { Peer, PeerStatus } from './peer.ts'
import { type PeerName, peers } from './peers.ts'

/** What a peer is known by once it is found. */
export type FoundPeer<Name extends PeerName> = (typeof peers)[Name] extends Peer<infer Found> ? Found : never

/**
 * Finds a real program that a test file needs; call it at the top of the file.
 *
 * When it is missing, a line on standard error says so and how to get it, and the tests are to be skipped (see
 * `describeWithPeer`). With `ST_INSTALL_PEERS=1` it is installed instead where that is possible.
 *
 * @throws Error when it was to be installed and could not be: what can be had must not be skipped.
 */
export async function requirePeer<Name extends PeerName>(name: Name): Promise<PeerStatus<FoundPeer<Name>>> {
  // The entry under this name is of this type; TypeScript does not follow the index into the union.
  const peer = peers[name] as Peer as Peer<FoundPeer<Name>>
  const status = await statusOf(peer)
  if (status.status === 'missing') process.stderr.write(`SKIPPED: ${peer.what} — ${status.how}\n`)
  return status
}

/** The same for any peer, without the line. */
export async function statusOf<Found extends object>(peer: Peer<Found>): Promise<PeerStatus<Found>> {
  const found = peer.find() ?? (await installed(peer))
  return found === undefined ? { status: 'missing', how: peer.how } : { status: 'found', ...found }
}

async function installed<Found extends object>(peer: Peer<Found>): Promise<Found | undefined> {
  if (process.env['ST_INSTALL_PEERS'] !== '1' || peer.install === undefined) return undefined
  return withInstallLock(async () => {
    // Another process may have been faster.
    const found = peer.find()
    if (found !== undefined) return found
    await peer.install?.()
    const afterwards = peer.find()
    if (afterwards === undefined) throw new Error(`${peer.what}: installed, and still not found`)
    return afterwards
  })
}
