/** A real program that tests talk to. */
export interface Peer<Found extends object = object> {
  /** What it is, for people: begins a sentence. */
  readonly what: string
  /** How a developer gets it. */
  readonly how: string
  /** Where it is; `undefined` when it is not there. Looks, and changes nothing. */
  find(): Found | undefined
  /** Installs it. Absent where a test run cannot. */
  install?(): Promise<void>
}

/** Whether a peer is there. */
export type PeerStatus<Found extends object = object> =
  | ({ readonly status: 'found' } & Found)
  | { readonly status: 'missing'; readonly how: string }
