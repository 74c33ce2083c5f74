import { longestTimerMs } from '../policy/deadline.ts'
import type { Rotations, ChangeListener } from './rotations.ts'

/** What {@link Subscriptions} need of their manager. */
export interface SubscriptionsOptions {
  readonly rotations: Rotations
  /** Reads a key, as for any caller; resolves to the milliseconds after which it is to be read again. Never rejects. */
  readonly reread: (key: string) => Promise<number>
}

/** What is not kept, because it is stale, unresolved or not to be kept, is not asked for all the time. */
const pauseOfUnkeptMs = 10_000

/** Keys that somebody listens to: each is read again in the background when its time is up. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #timers = new Map<string, NodeJS.Timeout | undefined>()

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  /** Has `listener` called at each change, until the subscription or `signal` ends. */
  add(key: string, listener: ChangeListener, signal: AbortSignal | undefined): Disposable {
    if (signal?.aborted) return { [Symbol.dispose]: () => undefined }
    const stopListening = this.#options.rotations.listen(key, listener)
    const end = (): void => {
      signal?.removeEventListener('abort', end)
      stopListening()
      if (!this.#options.rotations.isWatched(key)) this.#stop(key)
    }
    signal?.addEventListener('abort', end, { once: true })
    if (!this.#timers.has(key)) void this.look(key)
    return { [Symbol.dispose]: end }
  }

  /** Reads a key now, if somebody listens to it; or all such keys. */
  async look(key?: string): Promise<void> {
    const { rotations, reread } = this.#options
    const keys = key === undefined ? [...rotations.watched] : [key].filter(name => rotations.isWatched(name))
    await Promise.all(
      keys.map(async name => {
        this.#stop(name)
        this.#timers.set(name, undefined)
        this.#schedule(name, await reread(name))
      }),
    )
  }

  /** Ends every timer. */
  close(): void {
    for (const key of this.#timers.keys()) this.#stop(key)
  }

  #schedule(key: string, afterMs: number): void {
    // Another look has begun, or nobody listens any longer.
    if (!this.#timers.has(key) || this.#timers.get(key) !== undefined || !this.#options.rotations.isWatched(key)) return
    if (afterMs === Infinity) return
    const pauseMs = Math.min(afterMs > 0 ? afterMs : pauseOfUnkeptMs, longestTimerMs)
    const timer = setTimeout(() => void this.look(key), pauseMs)
    timer.unref()
    this.#timers.set(key, timer)
  }

  #stop(key: string): void {
    clearTimeout(this.#timers.get(key))
    this.#timers.delete(key)
  }
}
