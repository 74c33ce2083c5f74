const maxKeys = 10
const maxLength = 60
/** What a terminal obeys or hides, beyond what JSON escapes: C1 controls, marks of direction, line separators. */
const unprintable = /[\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g

/** Keys in a message for people: quoted, escaped, shortened, and only the first ten of many. */
export function keyList(keys: Iterable<string>): string {
  const all = [...keys]
  const shown = all.slice(0, maxKeys).map(key => shownKey(key))
  const rest = all.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

function shownKey(key: string): string {
  return JSON.stringify(key.length > maxLength ? `${key.slice(0, maxLength)}…` : key).replaceAll(
    unprintable,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
