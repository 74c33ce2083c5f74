/** Characters in which spellings differ, and some beyond ASCII whose low bytes are in the alphabet. */
const CHARACTERS = [
  'A',
  'Q',
  'Z',
  'g',
  '9',
  '+',
  '/',
  '-',
  '_',
  '=',
  ' ',
  '\n',
  '.',
  '\0',
  '\u00C1',
  '\u0141',
  '\uFF21',
]

/** All texts that a character makes of a text when it is put in, taken out or replaced; and all pieces, alone and twice. */
export function* neighbours(text: string): Generator<string> {
  for (let at = 0; at <= text.length; at += 1) {
    const [before, behind] = [text.slice(0, at), text.slice(at)]
    yield* [before, behind, before + behind.slice(1), before + before + behind]
    for (const character of CHARACTERS) yield* [before + character + behind, before + character + behind.slice(1)]
  }
}

/** The same for the inner layer of a stored token, in an outer layer that is sound. */
export function* innerNeighbours(token: string): Generator<string> {
  const inner = Buffer.from(token, 'base64').toString('latin1')
  for (const text of neighbours(inner)) yield Buffer.from(text, 'latin1').toString('base64')
}
