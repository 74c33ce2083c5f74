import { inspect } from 'node:util'

/** Whether a text shows one of these, as it is or in an encoding that anybody can undo. */
export function showsAny(text: string, sensitive: readonly string[]): boolean {
  return sensitive.some(value => value !== '' && spellingsOf(value).some(spelling => text.includes(spelling)))
}

/** Everything of a value that logs may show. */
export function tracesOf(value: unknown): string {
  const { message, stack } = value instanceof Error ? value : { message: String(value), stack: '' }
  return [message, stack, inspect(value, { depth: 20, showHidden: true }), jsonOf(value)].join('\n')
}

function spellingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  // Without the last characters of base64, which change with what follows.
  const base64 = bytes.toString('base64url').slice(0, Math.floor(bytes.length / 3) * 4)
  const encoded = base64.length < 8 ? [] : [base64, base64.replaceAll('-', '+').replaceAll('_', '/')]
  return [value, bytes.toString('hex'), encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...encoded]
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
