import { wellFormed } from './well-formed.ts'

/**
 * What a value belongs to: its table, row, user, provider, as names and values of your choice. `st2` tokens are bound to
 * it and decrypt in no other; v1 has no place for it.
 *
 * The order of the members does not matter, their exact text does: nothing is trimmed or normalized. An empty context is
 * the same as none. Choose what never changes: an id, not a display name.
 */
export type CredentialContext = Readonly<Record<string, string>>

/**
 * Refuses what would bind a value to less than the caller means: a `Map`, which has no members, or a member that is
 * `undefined` because a column was not selected.
 */
export function requireContext(context: CredentialContext | undefined): void {
  if (context === undefined) return
  if (!isPlainObject(context)) throw new TypeError('context must be a plain object of strings')
  for (const [name, value] of Object.entries(context)) {
    if (typeof value !== 'string') throw new TypeError(`context must hold strings; '${name}' is none`)
  }
}

/**
 * Writes a context so that no two contexts become one text: name and value in turn, each with its length in bytes before
 * it (`2:id,1:7,`), sorted by name as JavaScript sorts strings (RFC 8785 §3.2.3).
 */
export function contextText(context: CredentialContext | undefined): string {
  if (context === undefined) return ''
  requireContext(context)
  let text = ''
  for (const name of Object.keys(context).toSorted()) text += netstring(name) + netstring(context[name] ?? '')
  return text
}

function netstring(text: string): string {
  return `${Buffer.byteLength(wellFormed(text, 'context'), 'utf8')}:${text},`
}

/** Also of another realm, and without any prototype, as rows of `node:sqlite` are. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
