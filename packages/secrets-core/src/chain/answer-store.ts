import { TTLCache } from '@st/ttl-cache'
import type { SecretError } from '../contract/secret-error.ts'
import type { ChainPass } from './chain-pass.ts'
import { asSecretError, type Asked, type GuardedProvider } from './guarded-provider.ts'

/** An answer of a source, and for how long it is good. */
export interface Kept<T> extends Asked<T> {
  /** Monotonic milliseconds from which on the source is asked again. */
  readonly expiresAt: number
}

/** An answer as it was had just now. */
export interface Had<T> {
  readonly kept: Kept<T>
  /** It had been read before. */
  readonly isKept: boolean
  /** Why a value is handed out that is past its time. */
  readonly failure?: SecretError | undefined
}

/** Options of an {@link AnswerStore}. */
export interface AnswerStoreOptions {
  readonly maxEntries: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Called when a kept answer is found to be true no longer: the source says something else, or refuses. */
  readonly onOutdate?: () => void
}

/** Asks the source; rejects with a {@link SecretError}. */
export type Ask<T> = (signal: AbortSignal) => Promise<Asked<T>>

/** What the store looks at in an answer; `undefined` is a confirmed miss. */
interface Content {
  readonly ttl?: number | undefined
  readonly version?: string | undefined
}

/**
 * The answers of one provider: kept for their time, asked for once by any number of callers, and handed out past their
 * time while the source fails transiently. A denial or a confirmed miss ends that.
 */
export class AnswerStore<T extends Content | undefined> {
  readonly #guard: GuardedProvider
  readonly #now: () => number
  readonly #onOutdate: (() => void) | undefined
  readonly #cache: TTLCache<Kept<T>>

  constructor(guard: GuardedProvider, { maxEntries, now, onOutdate }: AnswerStoreOptions) {
    this.#guard = guard
    this.#now = now
    this.#onOutdate = onOutdate
    this.#cache = new TTLCache({ name: 'secrets.answers', maxSize: maxEntries, now, cleanupInterval: Infinity })
  }

  /** The kept answer, or what `ask` gives. */
  async read(slot: string, ask: Ask<T>, { fresh, signal }: ChainPass): Promise<Had<T>> {
    const isLive = !fresh && this.#cache.has(slot)
    const { staleIfError, refreshAhead } = this.#guard.rules.cache
    let failure: SecretError | undefined
    const kept = await this.#cache.getOrSetAsync(slot, async loading => this.#load(slot, ask, loading), {
      fresh,
      signal,
      ttl: answer => this.#secondsLeft(answer),
      refreshAhead: refreshAhead || undefined,
      staleIfError: error => {
        failure = asSecretError(error, this.#guard.name)
        return failure.transient && this.known(slot) !== undefined ? staleIfError : 0
      },
    })
    return { kept, isKept: isLive || failure !== undefined, failure }
  }

  /** The same without waiting. */
  readSync(slot: string, call: () => T): Had<T> {
    const live = this.live(slot)
    if (live !== undefined) return live
    try {
      const kept = this.#kept(slot, this.#guard.readSync(call))
      const { staleIfError: staleFor } = this.#guard.rules.cache
      this.#cache.set(slot, kept, { ttl: this.#secondsLeft(kept), staleFor })
      return { kept, isKept: false }
    } catch (error) {
      const failure = asSecretError(error, this.#guard.name)
      const stale = this.#standIn(slot, failure)
      if (stale !== undefined) return { kept: stale, isKept: true, failure }
      this.#deny(slot)
      throw failure
    }
  }

  /** The kept answer, unless its time is up. */
  live(slot: string): Had<T> | undefined {
    const kept = this.#cache.peek(slot)
    return kept && { kept, isKept: true }
  }

  /** What was answered last, whether or not its time is up. */
  known(slot: string): T | undefined {
    return this.#cache.entry(slot)?.value.answer
  }

  /** Drops every answer, or those whose slots begin with a prefix; what is under way is not kept. */
  forget(prefix = ''): void {
    this.#cache.invalidatePrefix(prefix)
  }

  async #load(slot: string, ask: Ask<T>, signal: AbortSignal): Promise<Kept<T>> {
    try {
      return this.#kept(slot, await ask(signal))
    } catch (error) {
      if (!signal.aborted && !asSecretError(error, this.#guard.name).transient) this.#deny(slot)
      throw error
    }
  }

  #deny(slot: string): void {
    if (this.#cache.delete(slot)) this.#onOutdate?.()
  }

  #kept(slot: string, asked: Asked<T>): Kept<T> {
    const before = this.#cache.entry(slot)?.value
    if (before !== undefined && isOther(before.answer, asked.answer)) this.#onOutdate?.()
    const { ttl, missTtl, jitter } = this.#guard.rules.cache
    const spread = ttl * (1 + jitter * (2 * Math.random() - 1))
    const seconds = asked.answer === undefined ? missTtl : Math.min(spread, asked.answer.ttl ?? Infinity)
    return { ...asked, expiresAt: asked.readAt + seconds * 1000 }
  }

  /** The last value in place of a failure, where the failure is transient and the value not too old. */
  #standIn(slot: string, failure: SecretError): Kept<T> | undefined {
    const entry = this.#cache.entry(slot)
    if (!failure.transient || entry?.value.answer === undefined) return undefined
    const oldestMs = this.#guard.rules.cache.staleIfError * 1000
    return -entry.expiresInMs < oldestMs ? entry.value : undefined
  }

  #secondsLeft({ expiresAt }: Kept<T>): number {
    return (expiresAt - this.#now()) / 1000
  }
}

/** A source without versions may say something else each time. */
function isOther(before: Content | undefined, now: Content | undefined): boolean {
  return before !== now && (now?.version === undefined || before?.version !== now.version)
}
