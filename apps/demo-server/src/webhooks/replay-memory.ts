import { TTLCache } from '@st/ttl-cache'
import { timestampTolerance } from './webhook-signature.ts'

/** Options of a {@link ReplayMemory}. */
export interface ReplayMemoryOptions {
  /** Monotonic milliseconds. Default: `performance.now`. */
  readonly now?: (() => number) | undefined
  /** Webhooks that are remembered at most. Default: 100,000. */
  readonly maxSize?: number | undefined
}

/**
 * Remembers which webhooks have come in, for as long as their timestamps let them be accepted: from 300 seconds before
 * the sender's time to 300 seconds after it (R134).
 */
export class ReplayMemory {
  readonly #seen: TTLCache<true>
  readonly #maxSize: number

  constructor({ now, maxSize = 100_000 }: ReplayMemoryOptions = {}) {
    this.#maxSize = maxSize
    this.#seen = new TTLCache({ name: 'webhooks.seen', defaultTtl: 2 * timestampTolerance, maxSize, now })
  }

  /**
   * Takes note of a webhook that was verified.
   *
   * @returns `'new'`; `'seen'` when it has come in before; `'full'` when there is no room to remember another, so that it
   *   must be refused for now: forgetting one would let that one in again.
   */
  note(id: string): 'new' | 'seen' | 'full' {
    if (this.#seen.has(id)) return 'seen'
    // What is over makes room for it by itself.
    if (this.#seen.size >= this.#maxSize && this.#seen.stats().expiredCount === 0) return 'full'
    this.#seen.set(id, true)
    return 'new'
  }

  /** Forgets a webhook that could not be worked on, so that the sender's next attempt is accepted. */
  forget(id: string): void {
    this.#seen.delete(id)
  }
}
