import { describe, expect, it } from 'vitest'
import { HARDWARE_PROFILES, hardwareProfile } from './hardware-profile.ts'

describe('hardwareProfile', () => {
  it('knows the profiles of SimpleTuner', () => {
    const all = Object.values(HARDWARE_PROFILES).map(({ id, label, hardware, gpus }) => [id, label, hardware, gpus])

    expect(all).toEqual([
      ['h100', 'H100', 'gpu-h100', 1],
      ['h100-x2', '2x H100', 'gpu-h100', 2],
      ['h100-x4', '4x H100', 'gpu-h100', 4],
      ['h100-x8', '8x H100', 'gpu-h100', 8],
      ['l40s', 'L40S', 'gpu-l40s', 1],
      ['l40s-x2', '2x L40S', 'gpu-l40s', 2],
      ['l40s-x4', '4x L40S', 'gpu-l40s', 4],
      ['l40s-x8', '8x L40S', 'gpu-l40s', 8],
    ])
    expect([HARDWARE_PROFILES, ...Object.values(HARDWARE_PROFILES)].every(Object.isFrozen)).toBe(true)
  })

  it.each([
    ['h100', 'h100'],
    ['H100', 'h100'],
    [' l40s_x4 ', 'l40s-x4'],
    ['1xH100', 'h100'],
    ['1x-l40s', 'l40s'],
    ['h100-x1', 'h100'],
    ['advanced-trainer-h100-x8', 'h100-x8'],
    ['advanced_trainer_l40s', 'l40s'],
    ['advanced-trainer-1xl40s', 'l40s'],
  ])('understands %s', (name, id) => {
    expect(hardwareProfile(name)).toBe(HARDWARE_PROFILES[id])
  })

  it.each(['', 'h200', 'h100-x3', '2xh100', '__proto__', 'constructor', 'h100-x1-x1', '1xh100-x1'])(
    'refuses %o and says what there is',
    name => {
      expect(() => hardwareProfile(name)).toThrow(/^There is no such hardware profile. Known: h100, h100-x2, /)
    },
  )
})
