import type { VersionLookup } from '../contract/provider-answer.ts'

/** How one operation reads. */
export interface PassOptions {
  /** Past everything that is kept. */
  readonly fresh?: boolean | undefined
  /** Aborts when nobody waits for the operation any longer. */
  readonly signal?: AbortSignal | undefined
  /** Another version than the current one. */
  readonly lookup?: VersionLookup | undefined
}

/** One operation over a chain: whatever serves several keys is read at most once in it, failures included. */
export class ChainPass {
  readonly fresh: boolean
  readonly signal: AbortSignal | undefined
  readonly lookup: VersionLookup
  readonly #shared: Map<object, unknown>

  /**
   * @param options - How the operation reads.
   * @param whole - The operation that this one is a part of.
   */
  constructor({ fresh = false, signal, lookup = {} }: PassOptions = {}, whole?: ChainPass) {
    this.fresh = fresh
    this.signal = signal
    this.lookup = lookup
    this.#shared = whole === undefined ? new Map() : whole.#shared
  }

  /** A part of this operation that may end earlier. */
  until(signal: AbortSignal): ChainPass {
    return new ChainPass({ fresh: this.fresh, lookup: this.lookup, signal }, this)
  }

  /** What `make` gives for this owner; called once. */
  share<T>(owner: object, make: () => T): T {
    if (!this.#shared.has(owner)) this.#shared.set(owner, make())
    // Each owner shares one kind of thing.
    return this.#shared.get(owner) as T
  }
}
