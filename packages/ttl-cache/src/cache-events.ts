import { channel, type Channel } from 'node:diagnostics_channel'

/** What a cache tells its listeners and the channels `st:cache.{event}`. Keys are told, values never. */
export interface CacheEvents {
  /** A value was stored. */
  readonly set: KeyEvent
  /** A read found a live value, or a stale one that it may hand out. */
  readonly hit: KeyEvent
  /** A read found none, or asked for a `fresh` one. */
  readonly miss: KeyEvent
  /** A live entry left because the cache was full. */
  readonly evict: KeyEvent
  /** An entry left because its time was up. */
  readonly expire: KeyEvent
  /** Entries were removed by `delete`, `clear` or `invalidatePrefix`. */
  readonly invalidate: InvalidateEvent
  /** A factory of `getOrSetAsync` has ended. */
  readonly load: LoadEvent
}

/** Something happened to one key. */
export interface KeyEvent {
  /** The cache's `name`, where it has one. */
  readonly cache: string | undefined
  /** The key. */
  readonly key: string
}

/** Entries were removed on purpose. */
export interface InvalidateEvent {
  /** The cache's `name`, where it has one. */
  readonly cache: string | undefined
  /** The key that was deleted; `undefined` when a prefix was. */
  readonly key?: string
  /** The prefix that was invalidated; `''` for `clear`. */
  readonly prefix?: string
  /** How many entries were removed. */
  readonly count: number
}

/** A factory has ended. */
export interface LoadEvent {
  /** The cache's `name`, where it has one. */
  readonly cache: string | undefined
  /** The key. */
  readonly key: string
  /** How long it took. */
  readonly durationMs: number
  /**
   * What became of it: its value was `stored`, or `dropped` because it was `undefined`, had no lifetime or was out of
   * date, or it `failed`.
   */
  readonly outcome: 'stored' | 'dropped' | 'failed'
}

/** The name of an event. */
export type CacheEventName = keyof CacheEvents

/** What a listener is called with depends on the event. */
export type CacheListener<E extends CacheEventName> = (event: CacheEvents[E]) => void

/** Where the events of all caches of the thread are told. */
export const setChannel: Channel = channel('st:cache.set')
export const hitChannel: Channel = channel('st:cache.hit')
export const missChannel: Channel = channel('st:cache.miss')
export const evictChannel: Channel = channel('st:cache.evict')
export const expireChannel: Channel = channel('st:cache.expire')
export const invalidateChannel: Channel = channel('st:cache.invalidate')
export const loadChannel: Channel = channel('st:cache.load')
