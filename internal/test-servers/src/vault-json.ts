/** Writes JSON as the server does: members by name, no `<`, `>` or `&`, a line break at the end. */
export function vaultJson(value: unknown): string {
  return `${JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, escapeHtml)}\n`
}

function escapeHtml(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The same value with its members by name, however deep. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value) || json.isRawJSON(value)) return value
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}

/** Whether a value is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a text; `undefined` when it is no JSON. Numbers beyond 2⁵³ are rounded. */
export function parseRounding(text: string): unknown {
  return parse(text)
}

/** The same with every digit of a number kept. */
export function parseExactly(text: string): unknown {
  return parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source ? json.rawJSON(context.source) : value,
  )
}

type Reviver = (this: void, key: string, value: unknown, context?: { readonly source?: string }) => unknown

function parse(text: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return undefined
  }
}

/** TypeScript's library does not know these yet; Node has them since 21. */
const json = JSON as typeof JSON & {
  rawJSON(this: void, source: string): unknown
  isRawJSON(this: void, value: unknown): boolean
}
