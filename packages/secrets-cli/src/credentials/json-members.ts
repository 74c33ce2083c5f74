/** Where the value of a member stands in the text of an object. */
export interface MemberSpan {
  /** Name of the member, unescaped. */
  readonly name: string
  /** Code unit with which its value begins. */
  readonly start: number
  /** Code unit behind it. */
  readonly end: number
}

/** A string, as JSON writes it. */
const stringPattern = /"(?:[^"\\]|\\.)*"/y
/** What stands between the strings, braces and brackets of a value. */
const plainPattern = /[^"{}[\],]+/y
/** White space, a comma or a colon. */
const separators = /[\s,:]*/y

/**
 * The members of an object, in order and as often as they are there.
 *
 * @param text - JSON of an object; `JSON.parse` has taken it.
 */
export function jsonMembers(text: string): readonly MemberSpan[] {
  const members: MemberSpan[] = []
  let place = text.indexOf('{') + 1
  for (;;) {
    place = behind(separators, text, place)
    if (text[place] !== '"') return members
    const nameEnd = behind(stringPattern, text, place)
    const start = behind(separators, text, nameEnd)
    const end = valueEnd(text, start)
    // A string that `JSON.parse` has taken as part of the whole.
    members.push({ name: JSON.parse(text.slice(place, nameEnd)) as string, start, end })
    place = end
  }
}

function valueEnd(text: string, start: number): number {
  let depth = 0
  let place = start
  do {
    const character = text[place] ?? ''
    if (character === '"') place = behind(stringPattern, text, place)
    else if ('{['.includes(character)) [depth, place] = [depth + 1, place + 1]
    else if ('}]'.includes(character)) [depth, place] = [depth - 1, place + 1]
    else place = Math.max(place + 1, behind(plainPattern, text, place))
  } while (depth > 0)
  // A number or word goes on up to what ends it, white space included.
  return start + text.slice(start, place).trimEnd().length
}

function behind(pattern: RegExp, text: string, place: number): number {
  pattern.lastIndex = place
  return pattern.test(text) ? pattern.lastIndex : place
}
