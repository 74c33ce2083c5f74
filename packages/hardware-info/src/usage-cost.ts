import { decimalOf, formatDecimal, multiply, round } from './decimal.ts'
import type { HardwarePrice } from './hardware-price.ts'

/** How long how many GPUs were used. */
export interface HardwareUsage {
  /** Seconds of use, or of planned use; finite, 0 or more. Fractions count. */
  readonly seconds: number
  /** Number of GPUs that are paid for; a whole number of 1 or more. Default 1. */
  readonly gpus?: number | undefined
  /**
   * Digits behind the point to which the cost is rounded, half of one away from zero: 2 gives whole cents. From 0 to 20.
   * `undefined` = nothing is rounded.
   */
  readonly digits?: number | undefined
}

/**
 * What the use of hardware costs in US dollars, calculated with decimals: 7 seconds at 0.000975 are `'0.006825'`, where
 * numbers give 0.0068249999999999995, which is rounded the wrong way. Without `digits` the amount is exact.
 *
 * @returns A text such as `'3.51'`, without an exponent; with `digits`, exactly so many of them behind the point.
 * @throws RangeError that names the member, when it is out of range.
 */
export function usageCost(price: HardwarePrice, { seconds, gpus = 1, digits }: HardwareUsage): string {
  checkRange('cost_per_second', price.cost_per_second, isAmount)
  checkRange('seconds', seconds, isAmount)
  checkRange('gpus', gpus, value => Number.isSafeInteger(value) && value >= 1)
  const cost = [seconds, gpus].map(decimalOf).reduce(multiply, decimalOf(price.cost_per_second))
  if (digits === undefined) return formatDecimal(cost, 0)
  checkRange('digits', digits, value => Number.isInteger(value) && value >= 0 && value <= 20)
  return formatDecimal(round(cost, digits), digits)
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

function checkRange(name: string, value: number, isInRange: (value: number) => boolean): void {
  if (typeof value !== 'number' || !isInRange(value)) throw new RangeError(`${name} is out of range`)
}
