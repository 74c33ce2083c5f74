import type { HardwareInfo, HardwarePrice } from './hardware-price.ts'

/** The prices that SimpleTuner documents (R84). They stand in where nothing is configured. Frozen. */
export const DEFAULT_HARDWARE_INFO: HardwareInfo & Readonly<Record<'gpu-l40s' | 'gpu-a100-large', HardwarePrice>> =
  Object.freeze({
    'gpu-l40s': Object.freeze({ name: 'L40S (48GB)', cost_per_second: 0.000975 }),
    'gpu-a100-large': Object.freeze({ name: 'A100 (80GB)', cost_per_second: 0.0014 }),
  })

/** The prices in SimpleTuner's code at {@link UPSTREAM_HARDWARE_INFO_COMMIT}, for `setHardwareInfo`. Frozen. */
export const UPSTREAM_HARDWARE_INFO: HardwareInfo = Object.freeze({
  'gpu-l40s': Object.freeze({ name: 'L40S (48GB)', cost_per_second: 0.000972222 }),
  'gpu-h100': Object.freeze({ name: 'H100 (80GB)', cost_per_second: 0.001525 }),
})

/** Commit of `bghira/SimpleTuner` that {@link UPSTREAM_HARDWARE_INFO} was taken from. */
export const UPSTREAM_HARDWARE_INFO_COMMIT = 'bc8e6ab7738ce457a2ed8eb2d26cadd91c6442cb'
