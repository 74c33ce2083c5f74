import { describe, expect, it } from 'vitest'
import { decimalOf, formatDecimal, multiply, round } from './decimal.ts'

describe('decimalOf', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.1, '0.1'],
    [0.000975, '0.000975'],
    [1e-7, '0.0000001'],
    [1.5e-10, '0.00000000015'],
    [123_456.789, '123456.789'],
    [1e21, '1000000000000000000000'],
    [1.25e22, '12500000000000000000000'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [-2.5, '-2.5'],
  ])('takes %d for what it prints as', (value, text) => {
    expect(formatDecimal(decimalOf(value), 0)).toBe(text)
  })

  it('loses nothing on the way back to a number', () => {
    const bits = new DataView(new ArrayBuffer(8))
    let state = 1n
    const values = Array.from({ length: 2000 }, () => {
      state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n)
      bits.setBigUint64(0, state)
      return bits.getFloat64(0)
    }).filter(Number.isFinite)

    expect(values.map(value => Number(formatDecimal(decimalOf(value), 0)))).toEqual(values)
  })
})

describe('multiply', () => {
  it.each([
    [0.1, 0.2, '0.02'],
    [0.0014, 1_000_000, '1400'],
    [1.1, 1.1, '1.21'],
    [0, 5, '0'],
    [1e21, 1e-21, '1'],
  ])('gives the exact product of %d and %d', (a, b, product) => {
    expect(formatDecimal(multiply(decimalOf(a), decimalOf(b)), 0)).toBe(product)
  })
})

describe('round', () => {
  it.each([
    [1.005, 2, '1.01'],
    [1.0049, 2, '1.00'],
    [2.5, 0, '3'],
    [-2.5, 0, '-3'],
    [-2.4, 0, '-2'],
    [0.5, 0, '1'],
    [0.499, 0, '0'],
    [1, 2, '1.00'],
    [0.999, 2, '1.00'],
  ])('rounds %d to %d digits', (value, digits, text) => {
    expect(formatDecimal(round(decimalOf(value), digits), digits)).toBe(text)
  })
})
