/** Choices and texts by chance, the same for the same seed (mulberry32). */
export class RandomText {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e_37_79_b1)
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end)
  }

  pick<T>(choices: readonly T[]): T {
    // `undefined` may be one of the choices, so that the index, which is within bounds, cannot be checked by the value.
    return choices[this.below(choices.length)] as T
  }

  /** So many characters of an alphabet. */
  text(alphabet: string, length: number): string {
    const characters = Array.from(alphabet)
    return Array.from({ length }, () => this.pick(characters)).join('')
  }

  /** A text cut anywhere, also between the halves of a surrogate pair. */
  chunks(text: string, longest: number): readonly string[] {
    const chunks: string[] = []
    for (let start = 0; start < text.length; start += chunks.at(-1)?.length ?? 0) {
      chunks.push(text.slice(start, start + 1 + this.below(longest)))
    }
    return chunks
  }
}
