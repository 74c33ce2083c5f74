import { SecretError } from './secret-error.ts'

/** The keys of a flat JSON object, as a provider's document holds them. */
export interface JsonDocument {
  /** Every key that holds a string, a number or a boolean, as text. A map, so that `__proto__` is an ordinary key. */
  readonly values: ReadonlyMap<string, string>
  /** Keys that hold `'array'` or `'object'`. Keys that hold `null` are in neither map. */
  readonly unusable: ReadonlyMap<string, string>
}

/** What errors say about where the JSON came from. */
export interface JsonOrigin {
  /** How messages begin. Default: `'The document'`. */
  readonly subject?: string | undefined
  /** Name of the provider that read it. */
  readonly provider?: string | undefined
}

/**
 * Reads one flat JSON object of secrets (requirement R19).
 *
 * Numbers keep their source text, so that `12345678901234567890` and `1.10` lose nothing; `true` becomes `"true"`;
 * `null` is absent; the last of equal keys wins. One byte order mark at the start is dropped.
 *
 * @throws SecretError of kind `malformed` when the text is no JSON object. Its message has a line and a column, never a
 *   piece of the text.
 */
export function parseJsonDocument(text: string, origin: JsonOrigin = {}): JsonDocument {
  return jsonDocumentOf(parseJson(text, origin), origin)
}

/**
 * Reads any JSON, with every number as its source text. For documents that lie inside a larger answer; then
 * {@link jsonDocumentOf} takes the part that holds the secrets.
 *
 * @throws SecretError of kind `malformed`, as {@link parseJsonDocument} does.
 */
export function parseJson(text: string, origin: JsonOrigin = {}): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return JSON.parse(json, numberAsText)
  } catch {
    // V8's own message quotes the text, so it is rebuilt from the position alone.
    throw malformed(origin, `is not JSON: ${whatIsWrong(json)}`)
  }
}

/**
 * Sorts the members of something that {@link parseJson} gave into values and unusable keys.
 *
 * @throws SecretError of kind `malformed` when it is no object.
 */
export function jsonDocumentOf(value: unknown, origin: JsonOrigin = {}): JsonDocument {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(origin, `is not a JSON object, but ${describeType(value)}`)
  }
  const values = new Map<string, string>()
  const unusable = new Map<string, string>()
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) unusable.set(key, Array.isArray(member) ? 'array' : 'object')
    else if (member !== null) values.set(key, String(member))
  }
  return { values, unusable }
}

function malformed({ subject = 'The document', provider }: JsonOrigin, problem: string): SecretError {
  const hint = 'Store one JSON object whose members are strings.'
  return new SecretError('malformed', `${subject} ${problem}.`, { provider, hint })
}

/** The third parameter carries a primitive's source text; TypeScript's library does not know of it yet. */
function numberAsText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value
}

function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'boolean' ? 'a boolean' : 'a string or a number'
}

function whatIsWrong(text: string): string {
  const offset = syntaxErrorOffset(text)
  if (offset === undefined) return 'it is nested too deeply'
  const before = text.slice(0, offset)
  const place = `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`
  return offset === text.length ? `it ends too early (${place})` : `unexpected text at ${place}`
}

type Expected = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'separator' | 'end'

/** Where the text stops being the beginning of a JSON text (RFC 8259 §2); `undefined` when it is one. */
function syntaxErrorOffset(text: string): number | undefined {
  const token =
    /([{}[\],:])|"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy
  const whiteSpace = /[\t\n\r ]*/y
  const open: string[] = []
  let expected: Expected = 'value'
  let offset = 0
  for (;;) {
    whiteSpace.lastIndex = offset
    whiteSpace.test(text)
    token.lastIndex = whiteSpace.lastIndex
    if (token.lastIndex === text.length) return expected === 'end' ? undefined : text.length
    const start = token.lastIndex
    const next: Expected | undefined = expectedAfter(token.exec(text)?.[0], expected, open)
    if (next === undefined) return start
    expected = next
    offset = token.lastIndex
  }
}

function expectedAfter(token: string | undefined, expected: Expected, open: string[]): Expected | undefined {
  if (token === undefined) return undefined
  if (!closes(token, expected, open)) return continuations[expected](token, open)
  open.pop()
  return afterValue(open)
}

function closes(token: string, expected: Expected, open: readonly string[]): boolean {
  if (token === '}') return open.at(-1) === '{' && (expected === 'firstKey' || expected === 'separator')
  if (token === ']') return open.at(-1) === '[' && (expected === 'firstValue' || expected === 'separator')
  return false
}

function valueToken(token: string, open: string[]): Expected | undefined {
  if (token === '{' || token === '[') {
    open.push(token)
    return token === '{' ? 'firstKey' : 'firstValue'
  }
  return '}],:'.includes(token) ? undefined : afterValue(open)
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'end' : 'separator'
}

function keyToken(token: string): Expected | undefined {
  return token.startsWith('"') ? 'colon' : undefined
}

function commaToken(token: string, open: readonly string[]): Expected | undefined {
  if (token !== ',') return undefined
  return open.at(-1) === '{' ? 'key' : 'value'
}

const continuations: Readonly<Record<Expected, (token: string, open: string[]) => Expected | undefined>> = {
  value: valueToken,
  firstValue: valueToken,
  key: keyToken,
  firstKey: keyToken,
  colon: token => (token === ':' ? 'value' : undefined),
  separator: commaToken,
  end: () => undefined,
}
