export { HardwareInfoCache, type HardwareInfoCacheOptions } from './hardware-info-cache.ts'
export type { HardwareInfoStore } from './hardware-info-store.ts'
export {
  clearHardwareInfoCache,
  getDefaultHardwareCostPerHour,
  getHardwareInfo,
  getHardwareInfoAsync,
  setHardwareInfo,
} from './hardware-info.ts'
export type { HardwareInfo, HardwarePrice } from './hardware-price.ts'
export { HARDWARE_PROFILES, hardwareProfile, type HardwareProfile } from './hardware-profile.ts'
export { DEFAULT_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO_COMMIT } from './price-tables.ts'
export { usageCost, type HardwareUsage } from './usage-cost.ts'
