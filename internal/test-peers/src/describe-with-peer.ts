import type { PeerStatus } from './peer.ts'

/** The `describe` of a test runner that can skip a group. */
export interface SkippableDescribe {
  (title: string, body: () => void): unknown
  /** Registers the group's tests and runs none. */
  readonly skip: (title: string, body: () => void) => unknown
}

/**
 * A `describe` for tests that need a peer: they run when it was found, and count as skipped when it is missing.
 *
 * @returns A function that registers a group. Its body gets a function that answers the peer; call that inside the
 *   tests, never while they are being registered.
 */
export function describeWithPeer<Found extends object>(
  describe: SkippableDescribe,
  peer: PeerStatus<Found>,
): (title: string, body: (peer: () => Found) => void) => void {
  if (peer.status === 'found') return (title, body) => void describe(title, () => body(() => peer))
  const missing = (): never => {
    throw new Error(`the peer is missing: ${peer.how}`)
  }
  return (title, body) => void describe.skip(title, () => body(missing))
}
