const alphabet = Array.from('{}[]:,"\\ \n\t019-+.eEtrufalsn#&*!|>?\'%@`\r\u0000\u001F\u007Fé🔑')

/** A text with up to three characters added, removed or exchanged. */
export function damaged(text: string, random: (below: number) => number): string {
  const characters = Array.from(text)
  for (let edits = random(3); edits >= 0; edits -= 1) {
    const replacement = random(3) === 0 ? [] : [alphabet[random(alphabet.length)] ?? '']
    characters.splice(random(characters.length), random(2), ...replacement)
  }
  return characters.join('')
}
