/** More than a line of a program that is well. */
const longest = 64 * 1024 ** 2

/** Holds back the last line of text that comes piece by piece. */
export class LastLine {
  #held: Buffer = Buffer.alloc(0)

  /**
   * Adds a piece.
   *
   * @returns What is before the last line that has ended, or that is too long to be held.
   */
  push(piece: Uint8Array): Uint8Array {
    const held = Buffer.concat([this.#held, piece])
    const end = held.lastIndexOf(0x0a)
    const start = end <= 0 ? 0 : held.lastIndexOf(0x0a, end - 1) + 1
    const from = held.length - start > longest ? held.length : start
    this.#held = held.subarray(from)
    return held.subarray(0, from)
  }

  /** The last line without its end; `undefined` when it has none. */
  get text(): string | undefined {
    return this.#held.at(-1) === 0x0a ? this.#held.toString('utf8', 0, this.#held.length - 1) : undefined
  }
}
