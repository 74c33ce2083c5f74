/** Text that may stand in a key as it is, if it does not begin like a structure and looks like no other type. */
const punctuation = /[:='"`\p{Cc}\u2028\u2029]/u
const structureStart = /^[[{@]/
const otherWords = new Set(['true', 'false', 'null', 'undefined', 'NaN'])
const bigIntText = /^-?\d+n$/

const builtIns = [
  builtIn(Date, date => String(date.getTime())),
  builtIn(URL, url => JSON.stringify(url.href)),
  builtIn(RegExp, expression => `${JSON.stringify(String(expression))},${expression.lastIndex}`),
  builtIn(Map, (map, path) => encodeItems([...map], path)),
  builtIn(Set, (set, path) => encodeItems([...set], path)),
  builtIn(Uint8Array, bytes => bytes.join(' ')),
  builtIn(Buffer, bytes => bytes.join(' ')),
]

const identities = new WeakMap<WeakKey, number>()
let lastIdentity = 0

/**
 * The key of one call: `{prefix}:{function}:{argument…}:{name=value…}` (R66).
 *
 * Equal arguments give equal keys, different ones different keys. Numbers and simple texts are written as they are; a
 * last argument that is a plain object is written as `name=value`, sorted by name; everything else begins with a
 * character with which no simple text begins. Objects that are neither plain nor of a known built-in class, functions
 * and symbols count as equal only to themselves.
 */
export function cacheKey(base: string, args: readonly unknown[]): string {
  return [base, ...args.flatMap((arg, index) => partsOf(arg, index === args.length - 1))].join(':')
}

function partsOf(arg: unknown, isLast: boolean): readonly string[] {
  if (!isLast || !isPlainObject(arg)) return [encodeArgument(arg)]
  const names = Object.keys(arg).toSorted()
  if (names.length === 0) return ['{}']
  return names.map(name => `${isSimple(name) ? name : JSON.stringify(name)}=${encodeArgument(arg[name])}`)
}

function encodeArgument(value: unknown): string {
  return typeof value === 'string' && isSimple(value) && !looksLikeOtherType(value) ? value : encode(value, [])
}

function isSimple(text: string): boolean {
  return !punctuation.test(text) && !structureStart.test(text)
}

function looksLikeOtherType(text: string): boolean {
  if (otherWords.has(text) || bigIntText.test(text)) return true
  return text.trim() !== '' && !Number.isNaN(Number(text))
}

function encode(value: unknown, ancestors: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : encodeObject(value, ancestors)
    case 'symbol':
    case 'function':
      return encodeIdentity(value)
    default:
      return Object.is(value, -0) ? '-0' : String(value)
  }
}

function encodeObject(value: object, ancestors: readonly object[]): string {
  const depth = ancestors.indexOf(value)
  if (depth !== -1) return `@up(${depth})`
  const path = [...ancestors, value]
  if (Array.isArray(value)) return encodeItems(value, path)
  if (isPlainObject(value)) {
    const names = Object.keys(value).toSorted()
    return `{${names.map(name => `${JSON.stringify(name)}:${encode(value[name], path)}`).join(',')}}`
  }
  for (const encodeBuiltIn of builtIns) {
    const encoded = encodeBuiltIn(value, path)
    if (encoded !== undefined) return encoded
  }
  return encodeIdentity(value)
}

/** Only of the very class: what a subclass adds is not known here. */
function builtIn<T extends object>(
  Class: abstract new (...args: never) => T,
  content: (value: T, path: readonly object[]) => string,
): (value: object, path: readonly object[]) => string | undefined {
  return (value, path) =>
    value instanceof Class && Object.getPrototypeOf(value) === Class.prototype
      ? `@${Class.name}(${content(value, path)})`
      : undefined
}

function encodeItems(items: readonly unknown[], path: readonly object[]): string {
  return `[${Array.from(items, item => encode(item, path)).join(',')}]`
}

function encodeIdentity(value: object | symbol): string {
  const registered = typeof value === 'symbol' ? Symbol.keyFor(value) : undefined
  if (registered !== undefined) return `@Symbol(${JSON.stringify(registered)})`
  const identity = identities.get(value) ?? (lastIdentity += 1)
  identities.set(value, identity)
  return `@${typeof value}(${identity})`
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0
}
