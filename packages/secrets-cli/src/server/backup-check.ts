import { createHash } from 'node:crypto'
import { amount, members, optional, type Shape, text, UnexpectedShape } from './answer-shape.ts'
import { LastLine } from './last-line.ts'

/** What the first line of a backup says. */
export interface BackupHead {
  readonly format: string
  readonly version: number
  /** ISO 8601. */
  readonly createdAt: string
  /** Present where the keys are in it, sealed with a passphrase. */
  readonly passphraseSalt: string | null
}

const headShape: Shape<BackupHead> = members<BackupHead>({
  format: text,
  version: amount,
  createdAt: text,
  passphraseSalt: optional(text),
})
const endShape: Shape<{ readonly sha256: string }> = members<{ readonly sha256: string }>({ sha256: text })

/** Longer than any first line. */
const longestHead = 4 * 1024 ** 2

/** Looks at a backup while it goes by: whether it is one, and has all of itself. */
export class BackupCheck {
  readonly #hash = createHash('sha256')
  readonly #last = new LastLine()
  #head: Buffer = Buffer.alloc(0)

  /** The next bytes. */
  push(piece: Uint8Array): void {
    if (!this.#head.includes(0x0a) && this.#head.length <= longestHead) this.#head = Buffer.concat([this.#head, piece])
    this.#hash.update(this.#last.push(piece))
  }

  /**
   * Ends it.
   *
   * @returns What it says of itself.
   * @throws {@link UnexpectedShape} or `SyntaxError` when it is no backup, or not a whole one.
   */
  end(): BackupHead {
    const head = headShape(JSON.parse(this.#head.toString('utf8', 0, this.#head.indexOf(0x0a))))
    const { sha256 } = endShape(JSON.parse(this.#last.text ?? ''))
    if (head.format !== 'st-demo-server backup' || sha256 !== this.#hash.digest('hex')) throw new UnexpectedShape()
    return head
  }
}
