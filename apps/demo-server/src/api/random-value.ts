import type { RandomSource } from './random-source.ts'

/** The parts of JSON Schema that the description of the API uses. */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

const oddTexts = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%2e%2e%2f',
  'a/b:c',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '=1+1',
  '\u0000',
  '\r\nX-Injected: 1',
  '\u202Eabc',
  'é\u0301\u{1F511}',
  '\uD800',
  '9'.repeat(400),
  'x'.repeat(5000),
] as const

const oddValues: readonly [unknown, ...unknown[]] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  -0.5,
  2 ** 53,
  [],
  {},
  [[]],
  { constructor: { prototype: 1 } },
  ...oddTexts,
]

/** A value for a schema: usually one that it allows, now and then one that nobody expects. */
export function randomValue(random: RandomSource, schema: JsonSchema): unknown {
  if (random.happens(0.08)) return random.pick(oddValues)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  if (schema.anyOf !== undefined) return randomValue(random, random.pick(schema.anyOf) ?? {})
  return ofType(random, schema)
}

function ofType(random: RandomSource, schema: JsonSchema): unknown {
  switch (schema.type) {
    case 'object':
      return randomObject(random, schema)
    case 'array':
      return Array.from({ length: random.below(4) }, () => randomValue(random, schema.items ?? {}))
    case 'string':
      return randomText(random, schema)
    case 'integer':
      return Math.round(randomNumber(random, schema))
    case 'number':
      return randomNumber(random, schema)
    case 'boolean':
      return random.happens(0.5)
    case 'null':
      return null
    default:
      return random.pick(oddValues)
  }
}

function randomObject(random: RandomSource, { properties = {}, required = [] }: JsonSchema): unknown {
  const members = Object.entries(properties).filter(([name]) =>
    required.includes(name) ? random.happens(0.95) : random.happens(0.5),
  )
  const extra = random.happens(0.05) ? [['unknown', 1] as const] : []
  return Object.fromEntries([
    ...members.map(([name, member]) => [name, randomValue(random, member)] as const),
    ...extra,
  ])
}

function randomNumber(random: RandomSource, { minimum = -1000, maximum = 100_000 }: JsonSchema): number {
  return random.pick([minimum, maximum, minimum + random.fraction() * (maximum - minimum)])
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789-_ '

function randomText(random: RandomSource, { minLength = 0, maxLength = 40 }: JsonSchema): string {
  if (random.happens(0.1)) return random.pick(oddTexts)
  const length = minLength + random.below(Math.min(maxLength - minLength, 40) + 1)
  return Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? '').join('')
}
