import { tidyRegularly, type Tidied } from './cleanup-timer.ts'
import { processNow } from './process-time.ts'
import type { TimedEntries } from './timed-entries.ts'
import type { CacheSettings } from './ttl-cache-options.ts'

/** What a sweeper works on. */
export interface Swept {
  readonly entries: TimedEntries<unknown>
  /** Removes an entry that has expired. */
  expire(slot: number): void
  /** Called when a slice that nobody waited for is done. */
  onSliceDone(): void
}

/** Longest time for which a slice holds up the thread. */
const sliceMs = 1

/** Removes what has expired and nobody asks for, in slices too short to be noticed. */
export class Sweeper implements Tidied {
  readonly #settings: CacheSettings
  readonly #intervalMs: number
  readonly #swept: Swept
  readonly #expire: (slot: number) => void
  readonly #endTidying: (() => void) | undefined
  #dueAtMs: number
  #rest: NodeJS.Timeout | undefined

  constructor(settings: CacheSettings, swept: Swept) {
    this.#settings = settings
    this.#swept = swept
    this.#intervalMs = settings.cleanupIntervalMs
    this.#expire = slot => swept.expire(slot)
    this.#dueAtMs = settings.clock.now() + this.#intervalMs
    this.#endTidying = settings.hasTimer ? tidyRegularly(this, this.#intervalMs) : undefined
  }

  /** When the next sweep is to be started. */
  get dueAtMs(): number {
    return this.#dueAtMs
  }

  /** Removes what it can in one slice; the rest follows between turns of the event loop. */
  start(): void {
    this.#dueAtMs = this.#swept.entries.nowMs + this.#intervalMs
    if (this.#runSlice()) this.#scheduleRest()
  }

  /** Removes at least one entry that has expired. Returns whether there was any; if so, this was a sweep. */
  makeRoom(): boolean {
    const { entries } = this.#swept
    const { size } = entries
    while (entries.size === size) if (!this.#runSlice()) break
    if (entries.size === size) return false
    this.start()
    return true
  }

  /** Removes something, if anything has expired, and more while the slice lasts. Returns whether there may be more. */
  #runSlice(): boolean {
    const { entries } = this.#swept
    if (!entries.sweepSome(this.#expire)) return false
    const end = processNow() + sliceMs
    while (processNow() < end) if (!entries.sweepSome(this.#expire)) return false
    return true
  }

  tidy(): void {
    const nowMs = this.#settings.clock.now()
    this.#swept.entries.advance(nowMs)
    if (nowMs >= this.#dueAtMs) this.start()
    this.#swept.onSliceDone()
  }

  stop(): void {
    clearTimeout(this.#rest)
    this.#endTidying?.()
  }

  #scheduleRest(): void {
    this.#rest ??= setTimeout(() => this.#continue(), 1).unref()
  }

  #continue(): void {
    this.#rest = undefined
    this.#swept.entries.advance(this.#settings.clock.now())
    if (this.#runSlice()) this.#scheduleRest()
    this.#swept.onSliceDone()
  }
}
