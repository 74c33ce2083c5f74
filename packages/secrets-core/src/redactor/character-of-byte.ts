/** Text has no other bytes than these outside of letters that take several; binary data has. */
const OF_TEXT = /[\0\t\n\r -~]/

/** A byte that stands next to a value, where it is one of ASCII text; a letter for all others. */
export function characterOfByte(code: number): string {
  const character = String.fromCharCode(code)
  return OF_TEXT.test(character) ? character : 'x'
}
