import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  clearHardwareInfoCache,
  getDefaultHardwareCostPerHour,
  getHardwareInfo,
  getHardwareInfoAsync,
  setHardwareInfo,
} from './hardware-info.ts'
import type { HardwareInfo } from './hardware-price.ts'
import { DEFAULT_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO_COMMIT } from './price-tables.ts'

beforeEach(() => {
  clearHardwareInfoCache()
})

describe('the functions of the module', () => {
  it('share one cache', async () => {
    const info: HardwareInfo = { 'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.5 } }
    const readHardwareInfo = vi.fn<() => unknown>(() => info)

    const read = await getHardwareInfoAsync({ readHardwareInfo })
    const afterRead = [getHardwareInfo(), getDefaultHardwareCostPerHour()]
    setHardwareInfo(UPSTREAM_HARDWARE_INFO)
    const afterSet = [getHardwareInfo(), await getHardwareInfoAsync({ readHardwareInfo })]
    clearHardwareInfoCache()

    expect([read, ...afterRead]).toEqual([info, info, 1800])
    expect(afterSet).toEqual([UPSTREAM_HARDWARE_INFO, UPSTREAM_HARDWARE_INFO])
    expect(getHardwareInfo()).toBe(DEFAULT_HARDWARE_INFO)
    expect(readHardwareInfo).toHaveBeenCalledTimes(1)
  })
})

describe('the tables', () => {
  it('have the documented prices', () => {
    expect(DEFAULT_HARDWARE_INFO).toEqual({
      'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.000975 },
      'gpu-a100-large': { name: 'A100 (80GB)', cost_per_second: 0.0014 },
    })
  })

  it('have the prices of the named commit', () => {
    expect(UPSTREAM_HARDWARE_INFO_COMMIT).toMatch(/^bc8e6ab7[0-9a-f]{32}$/)
    expect(UPSTREAM_HARDWARE_INFO).toEqual({
      'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.000972222 },
      'gpu-h100': { name: 'H100 (80GB)', cost_per_second: 0.001525 },
    })
    expect([UPSTREAM_HARDWARE_INFO, ...Object.values(UPSTREAM_HARDWARE_INFO)].every(Object.isFrozen)).toBe(true)
  })
})
