import { spellingsOf } from './encodings.ts'
import type { KnownText } from './known-texts.ts'
import type { Spelling } from './spelling.ts'

/** Longer spellings are kept up to here until this much of one was found: most are never printed. */
const HEAD_LENGTH = 128

/** One spelling of a known text, to be looked for. */
export class Needle {
  readonly known: KnownText
  readonly form: Spelling['form']
  readonly length: number
  /** The first characters; all of them where it is short, or the known text itself, which is kept anyway. */
  readonly head: string
  /** Which of the text's spellings this is. */
  readonly #index: number
  #whole: string | undefined

  constructor(known: KnownText, spelling: Spelling, index: number) {
    this.known = known
    this.form = spelling.form
    this.length = spelling.text.length
    this.head = index === 0 || this.length <= HEAD_LENGTH ? spelling.text : copyOf(spelling.text.slice(0, HEAD_LENGTH))
    this.#index = index
  }

  /** Whether it stands there. */
  standsAt(text: string, start: number): boolean {
    if (!text.startsWith(this.head, start)) return false
    return this.head.length === this.length || text.startsWith(this.#text(), start)
  }

  /** Whether this is its beginning, and not all of it. */
  beginsWith(text: string): boolean {
    if (text.length >= this.length) return false
    return this.head.length >= text.length ? this.head.startsWith(text) : this.#text().startsWith(text)
  }

  #text(): string {
    // One text has the same spellings every time.
    return (this.#whole ??= (spellingsOf(this.known.text)[this.#index] as Spelling).text)
  }
}

/** A known text in every spelling that differs from the others. */
export function needlesOf(known: KnownText): readonly Needle[] {
  const seen = new Set<string>()
  const needles: Needle[] = []
  for (const [index, spelling] of spellingsOf(known.text).entries()) {
    if (seen.has(spelling.text)) continue
    seen.add(spelling.text)
    needles.push(new Needle(known, spelling, index))
  }
  return needles
}

/** A slice would keep all of what it was cut from. */
function copyOf(text: string): string {
  return String(JSON.parse(JSON.stringify(text)))
}
