import type { KnownValues } from './known-values.ts'
import type { Hit } from './needle-matcher.ts'
import { Replacement } from './replacement.ts'

/** Characters before a match that tell whether it is one, at most. */
const CONTEXT = 32

/** Redacts a text that comes in chunks, as if it came in one piece. */
export function redactStream(known: KnownValues): TransformStream<string, string> {
  const text = new ChunkedText(known)
  return new TransformStream<string, string>({
    transform(chunk, controller) {
      if (typeof chunk !== 'string') {
        throw new TypeError('redactor.stream() takes text: pipe bytes through a TextDecoderStream first')
      }
      enqueue(controller, text.add(chunk))
    },
    flush(controller) {
      enqueue(controller, text.end())
    },
  })
}

function enqueue(controller: TransformStreamDefaultController<string>, output: string): void {
  if (output !== '') controller.enqueue(output)
}

/**
 * A text of which only as much is held back as more text could still turn into a known value: seldom more than a few
 * characters, and never as much as the longest spelling of a known value and a few.
 */
class ChunkedText {
  readonly #known: KnownValues
  readonly #replacement: Replacement
  /** What is held back, behind some of what was written already. */
  #kept = ''
  /** Where in it what is held back begins. */
  #start = 0

  constructor(known: KnownValues) {
    this.#known = known
    this.#replacement = new Replacement(label => known.markerOf(label))
  }

  /** What is sure now. */
  add(chunk: string): string {
    this.#kept += chunk
    const hits = this.#known.hits(this.#kept)
    return this.#writeTo(wholeCharacters(this.#kept, this.#known.settledEnd(this.#kept, hits)), hits)
  }

  /** What was held back. */
  end(): string {
    return this.#writeTo(this.#kept.length, this.#known.hits(this.#kept))
  }

  #writeTo(place: number, hits: readonly Hit[]): string {
    // A value that was added meanwhile may begin in what is written already.
    const part = { start: this.#start, end: Math.max(this.#start, place) }
    const output = this.#replacement.write(this.#kept, this.#known.matches(this.#kept, hits), part)
    const forgotten = Math.max(0, part.end - CONTEXT)
    this.#kept = this.#kept.slice(forgotten)
    this.#start = part.end - forgotten
    return output
  }
}

/** Not between the halves of a surrogate pair: each chunk may be encoded by itself. */
function wholeCharacters(text: string, end: number): number {
  const last = text.charCodeAt(end - 1)
  return last >= 0xd8_00 && last < 0xdc_00 ? end - 1 : end
}
