import { TTLCache } from '@st/ttl-cache'
import { definedMembers } from '../contract/defined-members.ts'
import { ChangeListeners } from './change-listeners.ts'
import { type KeptResolution, secretOf } from './resolution.ts'
import type { ChangeListener, SecretChange } from './secret-change.ts'
import type { SecretValue } from './secret-value.ts'

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
  /** Keys whose last values are remembered at most, besides those that somebody listens to. */
  readonly maxEntries: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Notices that keys get other values: remembers each key's last two, and tells those who want to know. */
export class Rotations {
  readonly #now: () => number
  readonly #listeners = new ChangeListeners()
  /** Of the keys that somebody listens to. */
  readonly #watched = new Map<string, Known>()
  /** Of the others. */
  readonly #recent: TTLCache<Known>

  constructor({ maxEntries, now }: RotationsOptions) {
    this.#now = now
    this.#recent = new TTLCache({ name: 'secrets.rotations', maxSize: maxEntries, defaultTtl: Infinity, now })
  }

  /** Keys that somebody listens to. */
  get watched(): Iterable<string> {
    return this.#listeners.keys
  }

  /** Has `listener` called at each change of the key; returns what ends it. */
  listen(key: string, listener: ChangeListener): () => void {
    const stop = this.#listeners.add(key, listener)
    this.#sort(key)
    return () => {
      stop()
      this.#sort(key)
    }
  }

  /** Whether somebody listens to the key. */
  isWatched(key: string): boolean {
    return this.#listeners.has(key)
  }

  /** Why one key, or all, are going to be looked at next. */
  expect(key: string | undefined, reason: SecretChange['reason']): void {
    for (const [name, known] of this.#knownOf(key)) this.#know(name, { ...known, reason })
  }

  /** The value before the last change, if that was noticed within `seconds`. */
  previous(key: string, seconds: number): string | undefined {
    const { previous, changedAt = -Infinity } = this.#known(key) ?? {}
    return this.#now() - changedAt < seconds * 1000 ? previous?.reveal() : undefined
  }

  /** Looks at what a key resolved to. A stale value and an unresolved key say nothing about a change. */
  observe(key: string, { answer, status }: KeptResolution): void {
    const { winner, steps } = answer
    if (status === 'unresolved' || winner?.answer.failure) return
    const readAt = winner?.answer.readAt ?? Math.max(...steps.map(step => step.answer?.readAt ?? -Infinity))
    this.#see(key, winner && secretOf(key, winner), readAt)
  }

  /** Forgets the values of one key, or of all; those that somebody listens to stay known, to notice the next change. */
  forget(key?: string): void {
    for (const [name, { current, readAt }] of this.#knownOf(key)) {
      if (this.isWatched(name)) this.#know(name, { current, readAt })
      else this.#recent.delete(name)
    }
  }

  /** Ends everything. */
  close(): void {
    this.#listeners.clear()
    this.#watched.clear()
    this.#recent.clear()
  }

  #see(key: string, current: SecretValue | undefined, readAt: number): void {
    const known = this.#known(key)
    // A slow read can arrive after one of the same source that began later.
    if (known && readAt < known.readAt && current?.source === known.current?.source) return
    const { reason = 'expired', ...rest } = known ?? {}
    if (known === undefined || isSame(known.current, current)) this.#know(key, { ...rest, current, readAt })
    else this.#change({ key, reason, ...definedMembers({ current, previous: known.current }) }, readAt)
  }

  #change(change: SecretChange, readAt: number): void {
    const { key, current, previous } = change
    this.#know(key, { current, readAt, previous, changedAt: this.#now() })
    this.#listeners.tell(change)
  }

  #known(key: string): Known | undefined {
    return this.#watched.get(key) ?? this.#recent.get(key)
  }

  /** What is known of one key, or of all. */
  #knownOf(key: string | undefined): readonly (readonly [key: string, known: Known])[] {
    if (key === undefined) return [...this.#watched, ...this.#recent]
    const known = this.#known(key)
    return known === undefined ? [] : [[key, known]]
  }

  #know(key: string, known: Known): void {
    if (this.isWatched(key)) this.#watched.set(key, known)
    else this.#recent.set(key, known)
  }

  /** What is known of a key that somebody listens to is not given up for others that were read lately. */
  #sort(key: string): void {
    const known = this.#known(key)
    this.#watched.delete(key)
    this.#recent.delete(key)
    if (known !== undefined) this.#know(key, known)
  }
}

function isSame(first: SecretValue | undefined, second: SecretValue | undefined): boolean {
  return first === undefined || second === undefined ? first === second : first.reveal() === second.reveal()
}
