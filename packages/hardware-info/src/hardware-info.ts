import { HardwareInfoCache } from './hardware-info-cache.ts'
import type { HardwareInfoStore } from './hardware-info-store.ts'
import type { HardwareInfo } from './hardware-price.ts'

let sharedCache: HardwareInfoCache | undefined

/**
 * The table of GPU prices without asking a store.
 *
 * The one that was set, for 300 seconds; else the one that a store gave last; else `DEFAULT_HARDWARE_INFO`. Frozen.
 */
export function getHardwareInfo(): HardwareInfo {
  return shared().get()
}

/**
 * The table of GPU prices from a store, which is asked at most once in 300 seconds.
 *
 * A table that was set wins for its lifetime. When the store fails or holds something else than a table of prices,
 * its last good table stands in, else `DEFAULT_HARDWARE_INFO`, and it is asked again after at most 30 seconds.
 *
 * @param store - `undefined` = as {@link getHardwareInfo}.
 * @returns A promise of the frozen table, which never rejects.
 */
export async function getHardwareInfoAsync(store?: HardwareInfoStore): Promise<HardwareInfo> {
  return await shared().getAsync(store)
}

/**
 * Sets the table of GPU prices by hand for 300 seconds. A copy is kept.
 *
 * @throws TypeError that names the entry, when a record has no name or its price is not a finite number of 0 or more,
 *   or when the table is empty.
 */
export function setHardwareInfo(info: HardwareInfo): void {
  shared().set(info)
}

/** Forgets what was set and what stores gave; the next call asks the store. */
export function clearHardwareInfoCache(): void {
  shared().clear()
}

/**
 * US dollars for an hour on `gpu-l40s`, the default hardware (R85): its price in the table of
 * {@link getHardwareInfo} times 3600, or its default price when the table does not have it.
 */
export function getDefaultHardwareCostPerHour(): number {
  return shared().defaultCostPerHour()
}

function shared(): HardwareInfoCache {
  sharedCache ??= new HardwareInfoCache()
  return sharedCache
}
