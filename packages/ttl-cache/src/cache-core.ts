import {
  hitChannel,
  invalidateChannel,
  missChannel,
  setChannel,
  type CacheEventName,
  type CacheListener,
} from './cache-events.ts'
import type { ReadAllowance } from './clock.ts'
import { deepFreeze } from './deep-freeze.ts'
import { NONE } from './entry-store.ts'
import { toMilliseconds } from './milliseconds.ts'
import { Observers } from './observers.ts'
import type { RemovalReason } from './removal-hooks.ts'
import { Sweeper } from './sweeper.ts'
import { TimedEntries } from './timed-entries.ts'
import { settle, type CacheSettings, type TTLCacheOptions } from './ttl-cache-options.ts'

/** A method, so that a cache of numbers is still a cache of unknown values to the type checker. */
interface Cloner<V> {
  clone(value: V): V
}

/** What a cache does without loading: reads that count, writes that make room, removals that are told. */
export class CacheCore<V> extends TimedEntries<V> implements ReadAllowance {
  readonly settings: CacheSettings
  readonly observers: Observers<V>
  readonly #cloner: Cloner<V> | undefined
  readonly #sweeper: Sweeper
  readsLeft = 0
  awaitedReadsLeft = 0
  endsWithStep = false
  endsWithTurn = false
  hits = 0
  misses = 0
  evictions = 0
  expirations = 0
  /** Whether anybody listens to this very cache: asked by each read, so it is kept here. */
  #isHeard = false
  #isDisposed = false

  constructor(options: TTLCacheOptions<V>) {
    const settings = settle(options)
    super(settings.maxSize, settings.defaultTtlMs, settings.clock.now())
    this.settings = settings
    this.observers = new Observers(options)
    this.#cloner = options.clone && { clone: options.clone }
    this.#sweeper = new Sweeper(settings, {
      entries: this,
      expire: slot => this.#expire(slot),
      onSliceDone: () => this.observers.tell(),
    })
  }

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  on<E extends CacheEventName>(name: E, listener: CacheListener<E>): () => void {
    const remove = this.observers.add(name, listener)
    this.#isHeard = true
    return () => {
      remove()
      this.#isHeard = this.observers.hasListeners
    }
  }

  get(key: string): V | undefined {
    if (this.readsLeft > 0) this.readsLeft -= 1
    else this.#beginReads()
    const slot = this.findNow(key)
    return slot > NONE ? this.hit(key, slot) : this.miss(key, slot)
  }

  /** For a read that hands out a promise: the slot of a live entry, the negative slot of an expired one, or none. */
  findForAwaited(key: string): number {
    if (this.awaitedReadsLeft > 0) this.awaitedReadsLeft -= 1
    else this.#beginAwaitedReads()
    return this.findNow(key)
  }

  /** A live value for a read that hands out a promise, if neither a clock nor a `clone` that may throw is needed. */
  getForAwaited(key: string): V | undefined {
    if (this.awaitedReadsLeft === 0 || this.#cloner !== undefined) return undefined
    const slot = this.findForAwaited(key)
    return slot > NONE ? this.hit(key, slot) : undefined
  }

  hit(key: string, slot: number): V {
    this.hits += 1
    this.touch(slot)
    const value = this.valueAt(slot)
    if (this.#isHeard || hitChannel.hasSubscribers) this.observers.emit('hit', hitChannel, { key })
    return value
  }

  /** A read found nothing, or the expired entry at the negative slot. */
  miss(key: string, slot: number): undefined {
    if (typeof key !== 'string') refuseKey(key)
    this.misses += 1
    if (slot < NONE) this.#dropExpired(-slot)
    if (this.#isHeard || missChannel.hasSubscribers) this.observers.emit('miss', missChannel, { key })
    return undefined
  }

  /** Finds like a read, without a trace. */
  look(key: string): number {
    this.check(key)
    if (this.readsLeft > 0) this.readsLeft -= 1
    else this.advance(this.settings.clock.now())
    return this.findNow(key)
  }

  /** The value at a slot, as a reader gets it. */
  valueAt(slot: number): V {
    const value = this.valueOf(slot)
    return this.#cloner === undefined ? value : this.#cloner.clone(value)
  }

  /** Stores a value, or removes the key where the lifetime is zero or less. */
  set(key: string, value: V, ttl: number): void {
    if (this.put(key, value, ttl) !== NONE) this.tellSet(key)
  }

  /** The same for a value that is kept for some seconds after it has expired; returns whether it was stored. */
  setStale(key: string, value: V, { ttl, staleFor }: { readonly ttl: number; readonly staleFor: number }): boolean {
    const slot = this.put(key, value, ttl)
    if (slot === NONE) return false
    if (staleFor > 0) this.keepStale(slot, toMilliseconds(staleFor))
    this.tellSet(key)
    return true
  }

  /** The same without telling of what is stored; returns its slot. */
  put(key: string, value: V, ttl: number): number {
    this.#refresh()
    if (ttl <= 0) {
      if (!this.delete(key)) this.observers.tell()
      return NONE
    }
    const owned = this.#own(value)
    const found = this.find(key)
    const { defaultTtl, defaultTtlMs } = this.settings
    const ttlMs = ttl === defaultTtl ? defaultTtlMs : toMilliseconds(ttl)
    if (found === NONE) return this.#insert(ttlMs, key, owned)
    // What is stored again has not left: who closes what was removed would close what is held.
    if (this.observers.wantsDepartures() && this.valueOf(found) !== owned) this.#noteDeparture(found, 'replaced')
    this.replaceFor(ttlMs, found, owned)
    return found
  }

  /** Tells of what was put, and of what had to leave for it. */
  tellSet(key: string): void {
    if (this.#isHeard || setChannel.hasSubscribers) this.observers.emit('set', setChannel, { key })
    this.observers.tell()
  }

  delete(key: string): boolean {
    const slot = this.find(key)
    if (slot === NONE) return false
    this.#remove(slot, 'deleted', key)
    if (this.observers.wants(invalidateChannel)) this.observers.emit('invalidate', invalidateChannel, { key, count: 1 })
    this.observers.tell()
    return true
  }

  invalidatePrefix(prefix: string): number {
    const count = prefix === '' ? this.#clear() : this.removeWithPrefix(prefix, slot => this.#remove(slot, 'deleted'))
    if (this.observers.wants(invalidateChannel)) this.observers.emit('invalidate', invalidateChannel, { prefix, count })
    this.observers.tell()
    return count
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.readsLeft = 0
    this.awaitedReadsLeft = 0
    this.#sweeper.stop()
    this.invalidatePrefix('')
  }

  /** Refuses what is not a key, and any use after the cache was disposed of. */
  check(key: string): void {
    if (typeof key !== 'string') refuseKey(key)
    if (this.#isDisposed) refuseUse()
  }

  #beginReads(): void {
    this.#refresh()
    this.settings.clock.allowReads(this)
    this.observers.tell()
  }

  #beginAwaitedReads(): void {
    this.#refresh()
    this.settings.clock.allowAwaitedReads(this)
    this.observers.tell()
  }

  /** Reads the clock, and removes what has expired when that is due; the caller tells of it when it is done. */
  #refresh(): void {
    if (this.#isDisposed) refuseUse()
    const nowMs = this.settings.clock.now()
    this.advance(nowMs)
    if (nowMs >= this.#sweeper.dueAtMs) this.#sweeper.start()
  }

  #remove(slot: number, reason: RemovalReason, key?: string): void {
    if (this.observers.wantsDepartures()) this.#noteDeparture(slot, reason)
    this.remove(slot, key)
  }

  #expire(slot: number): void {
    this.expirations += 1
    this.#remove(slot, 'expired')
  }

  #dropExpired(slot: number): void {
    if (this.isKept(slot)) return
    this.#expire(slot)
    this.observers.tell()
  }

  #clear(): number {
    const count = this.size
    if (this.observers.wantsDepartures()) {
      for (let slot = this.oldest; slot !== NONE; slot = this.newerThan(slot)) this.#noteDeparture(slot, 'deleted')
    }
    this.clear()
    return count
  }

  #insert(ttlMs: number, key: string, value: V): number {
    if (this.size < this.settings.maxSize || this.#makeRoom()) return this.insertFor(ttlMs, key, value)
    this.evictions += 1
    if (this.observers.wantsDepartures()) this.#noteDeparture(this.oldest, 'evicted')
    return this.replaceOldestFor(ttlMs, key, value)
  }

  /** Removes what has expired or, if it was kept all the same, one of it. Returns whether there was any. */
  #makeRoom(): boolean {
    if (this.mayHaveExpired && this.#sweeper.makeRoom()) return true
    const { firstStale } = this
    if (firstStale === NONE) return false
    this.#expire(firstStale)
    return true
  }

  #own(value: V): V {
    const owned = this.#cloner === undefined ? value : this.#cloner.clone(value)
    return this.settings.freezes ? deepFreeze(owned) : owned
  }

  #noteDeparture(slot: number, reason: RemovalReason): void {
    this.observers.note({ key: this.keyOf(slot), value: this.valueOf(slot), reason })
  }
}

function refuseKey(key: never): never {
  throw new TypeError(`A cache key must be a string, not ${typeof key}`)
}

function refuseUse(): never {
  throw new TypeError('The cache was disposed of; make a new one')
}
