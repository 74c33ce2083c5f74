/** An exact decimal number: `units` times ten to the power of minus `scale`. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** The decimal that a number prints as: 0.1 is one tenth here, not the nearest binary fraction. */
export function decimalOf(value: number): Decimal {
  const [digits = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = digits.split('.')
  const scale = fraction.length - Number(exponent)
  const units = BigInt(whole + fraction)
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale }
}

/** The exact product. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** Rounded to so many digits behind the point, half of one away from zero, as invoices do. */
export function round({ units, scale }: Decimal, digits: number): Decimal {
  if (scale <= digits) return { units, scale }
  const step = 10n ** BigInt(scale - digits)
  const half = units < 0n ? -step / 2n : step / 2n
  return { units: (units + half) / step, scale: digits }
}

/** As a text without an exponent, with at least so many digits behind the point and no other zeros at its end. */
export function formatDecimal({ units, scale }: Decimal, minDigits: number): string {
  const sign = units < 0n ? '-' : ''
  const text = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = text
    .slice(text.length - scale)
    .replace(/0+$/, '')
    .padEnd(minDigits, '0')
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}
