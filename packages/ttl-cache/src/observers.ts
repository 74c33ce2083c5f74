import type { Channel } from 'node:diagnostics_channel'
import {
  evictChannel,
  expireChannel,
  type CacheEventName,
  type CacheEvents,
  type CacheListener,
} from './cache-events.ts'
import type { RemovalHooks, RemovalReason } from './removal-hooks.ts'

interface Departure<V> {
  readonly key: string
  readonly value: V
  readonly reason: RemovalReason
}

/** A method, so that a cache of numbers is still a cache of unknown values to the type checker. */
interface Hooks<V> {
  call(departure: Departure<V>): void
}

/** Everybody who wants to know what happens in one cache. */
export class Observers<V> {
  /** Whether anybody listens to this very cache. */
  hasListeners = false
  readonly #cache: string | undefined
  readonly #hooks: Hooks<V> | undefined
  readonly #listeners = new Map<CacheEventName, Set<(event: never) => void>>()
  #departures: Departure<V>[] = []

  constructor(options: RemovalHooks<V> & { readonly name?: string | undefined }) {
    this.#cache = options.name
    this.#hooks = hooksOf(options)
  }

  add<E extends CacheEventName>(name: E, listener: CacheListener<E>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    // Each call adds one of its own, so that the same function can be added, and removed, twice.
    const added: CacheListener<E> = event => listener(event)
    this.#listeners.set(name, listeners.add(added))
    this.hasListeners = true
    return () => {
      if (listeners.delete(added) && listeners.size === 0) this.#listeners.delete(name)
      this.hasListeners = this.#listeners.size > 0
    }
  }

  /** Whether anybody wants to know of the events of this channel: asked before an event is put together. */
  wants(channel: Channel): boolean {
    return this.hasListeners || channel.hasSubscribers
  }

  emit<E extends CacheEventName>(name: E, channel: Channel, details: Omit<CacheEvents[E], 'cache'>): void {
    const event = { cache: this.#cache, ...details }
    // `add` puts under a name only listeners to events of this name.
    for (const listener of this.#listeners.get(name) ?? []) call(() => listener(event as never))
    channel.publish(event)
  }

  /** Whether {@link Observers.note} is to be called for an entry that leaves. */
  wantsDepartures(): boolean {
    return this.#hooks !== undefined || this.wants(evictChannel) || this.wants(expireChannel)
  }

  /** An entry leaves; told later, when the cache is in order and may be used by who is told. */
  note(departure: Departure<V>): void {
    this.#departures.push(departure)
  }

  /** Tells of the entries that have left. */
  tell(): void {
    if (this.#departures.length > 0) this.#tellAll()
  }

  #tellAll(): void {
    const departures = this.#departures
    this.#departures = []
    for (const departure of departures) {
      const { key, reason } = departure
      this.#hooks?.call(departure)
      if (reason === 'evicted' && this.wants(evictChannel)) this.emit('evict', evictChannel, { key })
      if (reason === 'expired' && this.wants(expireChannel)) this.emit('expire', expireChannel, { key })
    }
  }
}

function hooksOf<V>({ onRemove, onEvict, onExpire }: RemovalHooks<V>): Hooks<V> | undefined {
  if ((onRemove ?? onEvict ?? onExpire) === undefined) return undefined
  return {
    call: ({ key, value, reason }) => {
      call(() => onRemove?.(key, value, reason))
      if (reason === 'evicted') call(() => onEvict?.(key, value))
      if (reason === 'expired') call(() => onExpire?.(key, value))
    },
  }
}

/** What an observer throws is nothing to the cache and its caller: as for subscribers of a diagnostics channel. */
function call(observer: () => void): void {
  try {
    observer()
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}
