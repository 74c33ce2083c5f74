import { TTLCache } from '@st/ttl-cache'
import { channels, type ChangeMessage } from './diagnostics.ts'
import { type KeptResolution, secretOf } from './resolution.ts'
import type { SecretValue } from './secret-value.ts'

/** A key got another value, or lost it. */
export interface SecretChange {
  /** As the caller wrote it. */
  readonly key: string
  /** Absent when the key is gone. */
  readonly current?: SecretValue
  /** Absent when there was none, or it was forgotten on purpose. */
  readonly previous?: SecretValue
  /**
   * Why the key was looked at: its time was up or it was asked for afresh (`expired`), its provider told of a change
   * (`source_changed`), it was stored or deleted through the manager (`written`), the cache was cleared (`cleared`), or
   * the value had been refused (`auth_failure`).
   */
  readonly reason: 'expired' | 'source_changed' | 'written' | 'cleared' | 'auth_failure'
}

/** Called after each change. */
export type ChangeListener = (change: SecretChange) => void

/** What is known of one key. */
interface Known {
  readonly current: SecretValue | undefined
  /** Monotonic milliseconds of the read at the source. */
  readonly readAt: number
  readonly previous?: SecretValue | undefined
  /** Monotonic milliseconds at which the change was noticed. */
  readonly changedAt?: number
  /** Why the key is going to be looked at next. */
  readonly reason?: SecretChange['reason']
}

/** Options of {@link Rotations}. */
export interface RotationsOptions {
  /** Keys whose last values are remembered at most. */
  readonly maxEntries: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Notices that keys get other values: remembers each key's last two, and tells those who want to know. */
export class Rotations {
  readonly #now: () => number
  readonly #known: TTLCache<Known>
  readonly #listeners = new Map<string, Set<ChangeListener>>()

  constructor({ maxEntries, now }: RotationsOptions) {
    this.#now = now
    this.#known = new TTLCache({ name: 'secrets.rotations', maxSize: maxEntries, defaultTtl: Infinity, now })
  }

  /** Keys that somebody listens to. */
  get watched(): Iterable<string> {
    return this.#listeners.keys()
  }

  /** Has `listener` called at each change of the key; returns what ends it. */
  listen(key: string, listener: ChangeListener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set()
    // An entry of its own, so that one function can listen twice.
    const own: ChangeListener = change => listener(change)
    this.#listeners.set(key, listeners.add(own))
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
    }
  }

  /** Whether somebody listens to the key. */
  isWatched(key: string): boolean {
    return this.#listeners.has(key)
  }

  /** Why these keys are going to be looked at next. */
  expect(keys: Iterable<string>, reason: SecretChange['reason']): void {
    for (const key of keys) {
      const known = this.#known.peek(key)
      if (known !== undefined) this.#known.set(key, { ...known, reason })
    }
  }

  /** The value before the last change, if that was noticed within `seconds`. */
  previous(key: string, seconds: number): string | undefined {
    const { previous, changedAt = -Infinity } = this.#known.get(key) ?? {}
    return this.#now() - changedAt < seconds * 1000 ? previous?.reveal() : undefined
  }

  /** Looks at what a key resolved to. A stale value and an unresolved key say nothing about a change. */
  observe(key: string, { answer, status }: KeptResolution): void {
    const { winner, steps } = answer
    if (status === 'unresolved' || winner?.answer.failure) return
    const readAt = winner?.answer.readAt ?? Math.max(...steps.map(step => step.answer?.readAt ?? -Infinity))
    this.#see(key, winner && secretOf(key, winner), readAt)
  }

  #see(key: string, current: SecretValue | undefined, readAt: number): void {
    const known = this.#known.get(key)
    // A slow read can arrive after one of the same source that began later.
    if (known && readAt < known.readAt && current?.source === known.current?.source) return
    const { reason = 'expired', ...rest } = known ?? {}
    if (known === undefined || isSame(known.current, current)) this.#known.set(key, { ...rest, current, readAt })
    else this.#change({ key, reason, ...definedValues(current, known.current) }, readAt)
  }

  #change(change: SecretChange, readAt: number): void {
    const { key, current, previous } = change
    this.#known.set(key, { current, readAt, previous, changedAt: this.#now() })
    this.#tell(change)
  }

  /** Forgets the values of one key, or of all; those that somebody listens to stay known, to notice the next change. */
  forget(key?: string): void {
    for (const name of key === undefined ? [...this.#known].map(([known]) => known) : [key]) {
      const known = this.#known.peek(name)
      if (known !== undefined && this.isWatched(name))
        this.#known.set(name, { current: known.current, readAt: known.readAt })
      else this.#known.delete(name)
    }
  }

  /** Ends everything. */
  close(): void {
    this.#listeners.clear()
    this.#known.clear()
  }

  #tell(change: SecretChange): void {
    const { key, reason, current } = change
    if (channels.change.hasSubscribers) {
      channels.change.publish({
        key,
        reason,
        source: current?.source,
        version: current?.version,
      } satisfies ChangeMessage)
    }
    for (const listener of this.#listeners.get(key) ?? []) {
      try {
        listener(change)
      } catch (error) {
        // Its own affair: neither the read nor other listeners are disturbed.
        process.nextTick(() => {
          throw error
        })
      }
    }
  }
}

function definedValues(
  current: SecretValue | undefined,
  previous: SecretValue | undefined,
): Pick<SecretChange, 'current' | 'previous'> {
  return { ...(current && { current }), ...(previous && { previous }) }
}

function isSame(first: SecretValue | undefined, second: SecretValue | undefined): boolean {
  return first === undefined || second === undefined ? first === second : first.reveal() === second.reveal()
}
