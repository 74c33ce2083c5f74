import { loadChannel, type LoadEvent } from './cache-events.ts'
import type { CacheCore } from './cache-core.ts'
import { NONE } from './entry-store.ts'
import { isPromiseLike } from './is-promise-like.ts'
import { loadOptionsOf, secondsKeptStale, type LoadFactory, type LoadOptions } from './load-options.ts'
import { Loads, type LoadRequest, type LoadRun } from './loads.ts'
import { checkSeconds } from './ttl-cache-options.ts'

const millisecondsPerSecond = 1000

/** Values that are computed when they are asked for, and what becomes of those that are out of date by then. */
export class Loader<V> {
  readonly #core: CacheCore<V>
  readonly #loads = new Loads<V>()
  staleHits = 0
  loads = 0
  loadFailures = 0
  totalLoadMs = 0

  constructor(core: CacheCore<V>) {
    this.#core = core
  }

  /** What is being computed for the key is out of date. */
  supersede(key: string): void {
    this.#loads.supersede(key)
  }

  supersedePrefix(prefix: string): void {
    this.#loads.supersedePrefix(prefix)
  }

  /** Calls the factory of `getOrSet`. */
  compute(key: string, factory: () => V, ttl: number): V {
    const { value, isCurrent } = this.#loads.compute(key, factory)
    if (isPromiseLike(value)) refusePromise(value)
    if (isCurrent) this.#keep(key, value, ttl)
    return value
  }

  /** The value that is there, or that of a load; may start one behind a value that it hands out. */
  async load(key: string, factory: LoadFactory<V>, given: number | LoadOptions<V> | undefined): Promise<V> {
    const options = loadOptionsOf(given)
    options.signal?.throwIfAborted()
    const slot = this.#core.findForAwaited(key)
    const request = { key, begin: () => this.#begin(key, factory, options) }
    if (this.#isUsable(slot, options)) return this.#use(slot, request, options)
    this.#core.miss(key, options.staleIfError === undefined ? slot : NONE)
    try {
      return await this.#loads.share(request, options)
    } catch (error) {
      return this.#standIn(key, options, error)
    }
  }

  /** For a function that returns values or promises; nobody knows before it was called. */
  getOrShare(key: string, call: () => V | PromiseLike<V>): V | Promise<V> {
    const { settings } = this.#core
    const { value, isCurrent } = this.#loads.compute(key, call)
    if (!isPromiseLike(value)) {
      if (isCurrent) this.#keep(key, value, settings.defaultTtl)
      return value
    }
    if (!isCurrent) return Promise.resolve(value)
    ignoreRejection(value)
    return this.#loads.share({ key, begin: () => this.#begin(key, () => value, {}) }, {})
  }

  /** Stores what a synchronous factory returned. What is still being loaded for the key is older. */
  #keep(key: string, value: V, ttl: number): void {
    if (value === undefined || ttl <= 0) return
    this.#loads.supersede(key)
    this.#core.set(key, value, ttl)
  }

  /** The old value in place of a failure, where the options and its age allow it, or one that was set meanwhile. */
  #standIn(key: string, { staleIfError, signal }: LoadOptions<never>, error: unknown): V {
    if (staleIfError === undefined || signal?.aborted === true) throw error
    const seconds = typeof staleIfError === 'function' ? staleIfError(error) : staleIfError
    const core = this.#core
    core.advance(core.settings.clock.now())
    const slot = core.findNow(key)
    if (slot === NONE || !(seconds > 0)) throw error
    if (slot < NONE && !(this.#expiredFor(-slot) < seconds)) throw error
    if (slot < NONE) this.staleHits += 1
    return this.#core.valueAt(Math.abs(slot))
  }

  /** Seconds since an entry expired. */
  #expiredFor(slot: number): number {
    return -this.#core.timesOf(slot).expiresInMs / millisecondsPerSecond
  }

  /** Whether the value at a slot, which is negative if it has expired, may be handed out at once. */
  #isUsable(slot: number, { staleWhileRevalidate = 0, fresh }: LoadOptions<never>): boolean {
    if (fresh === true) return false
    return slot > NONE || (slot < NONE && this.#expiredFor(-slot) < staleWhileRevalidate)
  }

  /** Hands a value out, and has it loaded anew where it is stale or soon will be. */
  #use(slot: number, request: LoadRequest<V>, { refreshAhead }: LoadOptions<never>): V {
    const isStale = slot < NONE
    const isDue = isStale || (refreshAhead !== undefined && this.#isAged(slot, refreshAhead))
    if (isStale) this.staleHits += 1
    const value = this.#core.hit(request.key, Math.abs(slot))
    if (isDue) this.#loads.refresh(request)
    return value
  }

  #isAged(slot: number, share: number): boolean {
    const { ageMs, expiresInMs } = this.#core.timesOf(slot)
    return ageMs >= share * (ageMs + expiresInMs)
  }

  #begin(key: string, factory: LoadFactory<V>, options: LoadOptions<V>): LoadRun<V> {
    const { settings, observers } = this.#core
    const { clock } = settings
    const startedAt = clock.now()
    const end = (outcome: LoadEvent['outcome']): void => {
      const durationMs = clock.now() - startedAt
      this.totalLoadMs += durationMs
      if (outcome === 'failed') this.loadFailures += 1
      else this.loads += 1
      if (observers.wants(loadChannel)) observers.emit('load', loadChannel, { key, durationMs, outcome })
    }
    return {
      factory,
      keep: (value, isCurrent) => {
        let outcome: LoadEvent['outcome'] = 'failed'
        try {
          outcome = isCurrent && this.#keepLoaded(key, value, options) ? 'stored' : 'dropped'
        } finally {
          end(outcome)
        }
      },
      fail: () => end('failed'),
    }
  }

  /** Returns whether the value was stored. */
  #keepLoaded(key: string, value: V, options: LoadOptions<V>): boolean {
    if (value === undefined) return false
    const { ttl = this.#core.settings.defaultTtl } = options
    const seconds = typeof ttl === 'function' ? ttl(value) : ttl
    checkSeconds(seconds, 'ttl')
    return this.#core.setStale(key, value, { ttl: seconds, staleFor: secondsKeptStale(options) })
  }
}

/** Those who share the promise get its failure; where nobody does, it is of no interest. */
function ignoreRejection(promise: PromiseLike<unknown>): void {
  void Promise.allSettled([promise])
}

function refusePromise(promise: PromiseLike<unknown>): never {
  ignoreRejection(promise)
  throw new TypeError('The factory of getOrSet returned a promise; use getOrSetAsync')
}
