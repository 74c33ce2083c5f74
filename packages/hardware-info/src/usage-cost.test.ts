import { describe, expect, it } from 'vitest'
import { DEFAULT_HARDWARE_INFO } from './price-tables.ts'
import { usageCost } from './usage-cost.ts'

const l40s = DEFAULT_HARDWARE_INFO['gpu-l40s']
const a100 = DEFAULT_HARDWARE_INFO['gpu-a100-large']

describe('usageCost', () => {
  it('is the price times the seconds, exactly', () => {
    const costs = [1, 60, 3600, 0.1, 86_400 * 30].map(seconds => usageCost(l40s, { seconds }))

    expect(costs).toEqual(['0.000975', '0.0585', '3.51', '0.0000975', '2527.2'])
  })

  it('is exact where numbers are not', () => {
    expect([0.000975 * 7, usageCost(l40s, { seconds: 7 })]).toEqual([0.0068249999999999995, '0.006825'])
    expect(usageCost(l40s, { seconds: 7, digits: 5 })).toBe('0.00683')
  })

  it('counts every GPU', () => {
    expect(usageCost(a100, { seconds: 3600, gpus: 8 })).toBe('40.32')
  })

  it('rounds where digits are asked for, and not before', () => {
    expect([2, 0, 4].map(digits => usageCost(l40s, { seconds: 61, digits }))).toEqual(['0.06', '0', '0.0595'])
    expect(usageCost(l40s, { seconds: 0, digits: 2 })).toBe('0.00')
  })

  it.each([
    ['seconds', { seconds: -1 }],
    ['seconds', { seconds: Number.NaN }],
    ['seconds', { seconds: Infinity }],
    ['gpus', { seconds: 1, gpus: 0 }],
    ['gpus', { seconds: 1, gpus: 1.5 }],
    ['digits', { seconds: 1, digits: -1 }],
    ['digits', { seconds: 1, digits: 21 }],
  ])('refuses %s out of range: %o', (name, usage) => {
    expect(() => usageCost(l40s, usage)).toThrow(new RangeError(`${name} is out of range`))
  })

  it('refuses a price that is none', () => {
    const price = { name: 'X', cost_per_second: Number.NaN }

    expect(() => usageCost(price, { seconds: 1 })).toThrow(new RangeError('cost_per_second is out of range'))
  })
})
