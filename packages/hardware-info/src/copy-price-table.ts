import type { HardwareInfo, HardwarePrice } from './hardware-price.ts'

/**
 * A frozen copy of a table of prices.
 *
 * @throws TypeError that names the entry, when the value is not a table with at least one entry, a record has no name
 *   or its price is not a finite number of 0 or more.
 */
export function copyPriceTable(table: unknown): HardwareInfo {
  if (!isRecord(table)) throw new TypeError('Hardware info must be an object of records by hardware identifier')
  const entries = Object.entries(table).map(([id, price]) => [id, copyPrice(id, price)] as const)
  if (entries.length === 0) throw new TypeError('Hardware info must have at least one entry')
  return Object.freeze(Object.fromEntries(entries))
}

function copyPrice(id: string, price: unknown): HardwarePrice {
  if (!isRecord(price)) throw new TypeError(`Hardware info of '${id}' must be an object`)
  const { name, cost_per_second: cost } = price
  if (typeof name !== 'string' || name === '') throw new TypeError(`name of '${id}' must be a text that is not empty`)
  if (typeof cost !== 'number' || !Number.isFinite(cost) || cost < 0) {
    throw new TypeError(`cost_per_second of '${id}' must be a finite number of 0 or more`)
  }
  return Object.freeze({ name, cost_per_second: cost })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
