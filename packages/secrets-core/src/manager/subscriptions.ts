import { longestTimerMs } from '../policy/deadline.ts'
import type { Rotations } from './rotations.ts'
import type { ChangeListener } from './secret-change.ts'

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
  readonly #looks = new Map<string, Look>()

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
    if (!this.#looks.has(key)) void this.look(key)
    return { [Symbol.dispose]: end }
  }

  /** Reads a key now, if somebody listens to it; or all such keys. */
  async look(key?: string): Promise<void> {
    const { rotations, reread } = this.#options
    const keys = key === undefined ? [...rotations.watched] : [key].filter(name => rotations.isWatched(name))
    await Promise.all(
      keys.map(async name => {
        this.#stop(name)
        const look: Look = {}
        this.#looks.set(name, look)
        const afterMs = await reread(name)
        // Else another look has begun, or nobody listens any longer.
        if (this.#looks.get(name) === look) look.timer = this.#timer(name, afterMs)
      }),
    )
  }

  /** Ends every timer. */
  close(): void {
    for (const key of this.#looks.keys()) this.#stop(key)
  }

  #timer(key: string, afterMs: number): NodeJS.Timeout | undefined {
    if (afterMs === Infinity) return undefined
    const pauseMs = Math.min(afterMs > 0 ? afterMs : pauseOfUnkeptMs, longestTimerMs)
    return setTimeout(() => void this.look(key), pauseMs).unref()
  }

  #stop(key: string): void {
    clearTimeout(this.#looks.get(key)?.timer)
    this.#looks.delete(key)
  }
}

/** The last look at a key; the timer for the next one is there once it has ended. */
interface Look {
  timer?: NodeJS.Timeout | undefined
}
