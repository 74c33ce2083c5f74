/**
 * Moments are kept as ticks, whole milliseconds since an epoch that the cache moves forward, in 32 bits: half of what a
 * double takes, and comparable without unpacking.
 */

/** Tick at which the epoch is moved on: 12.4 days. Any tick up to here plus any lifetime up to here fits. */
export const HORIZON: number = 2 ** 30 - 2

/** Latest tick at which an entry can expire. */
export const LATEST = 0x7ffffffd

/** In place of an expiry: too late for a tick, the exact time is kept beside. */
export const FAR = 0x7ffffffe

/** In place of an expiry: never. Free slots have it too. */
export const NEVER = 0x7fffffff

/** What takes the place of the expiry of an entry that has expired and is kept until `keepUntil` all the same. */
export function staleUntil(keepUntil: number): number {
  return ~keepUntil
}

/** The tick at which there is something to do about an entry: it expires, or it is no longer kept as a stale one. */
export function dueTick(expiry: number): number {
  return expiry < 0 ? ~expiry : expiry
}
