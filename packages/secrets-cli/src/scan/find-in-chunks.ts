import { TextDecoder } from 'node:util'
import type { SecretLocator, SecretPlace } from './secret-locator.ts'

/** A secret in a file. */
export interface FoundSecret {
  /** Counted from 1. */
  readonly line: number
  /** UTF-16 code unit of the line, counted from 1, as editors count. */
  readonly column: number
  /** Keys that have the value. */
  readonly keys: readonly string[]
}

/** Text that is looked at in one piece, at least. */
const windowLength = 1 << 20

/** Characters before a place that may decide whether a short value stands alone there. */
const context = 64

/** Tells the secrets of a file that comes in chunks, holding little more of it in memory than the longest secret. */
export async function* findInChunks(
  chunks: AsyncIterable<Uint8Array>,
  locator: SecretLocator,
): AsyncGenerator<FoundSecret> {
  const text = new WindowedText(locator)
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk), { ignoreBOM: true })
    yield* text.add(decoder.decode(chunk, { stream: true }))
  }
  yield* text.end(decoder?.decode() ?? '')
}

/** Windows writes UTF-16 with a mark at the beginning; everything else is read as UTF-8, as far as it is. */
function encodingOf(chunk: Uint8Array): string {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

class WindowedText {
  readonly #locator: SecretLocator
  /** What was looked at already and may still matter, and what was not. */
  #text = ''
  /** Where in it secrets begin that were not told yet. */
  #from = 0
  /** Line and column of the beginning of the text, counted from 0. */
  #line = 0
  #column = 0

  constructor(locator: SecretLocator) {
    this.#locator = locator
  }

  *add(chunk: string): Generator<FoundSecret> {
    this.#text += chunk
    const { reach } = this.#locator
    if (this.#text.length < this.#from + reach + Math.max(windowLength, reach)) return
    yield* this.#tell(this.#text.length - reach)
  }

  *end(chunk: string): Generator<FoundSecret> {
    this.#text += chunk
    yield* this.#tell(this.#text.length)
  }

  /** Tells the secrets that begin before a place. */
  *#tell(until: number): Generator<FoundSecret> {
    let told = until
    for (const place of this.#locator.find(this.#text)) {
      if (place.start < this.#from || place.start >= until) continue
      yield this.#located(place)
      told = Math.max(told, place.end)
    }
    this.#forget(Math.max(0, until - context))
    this.#from = told - Math.max(0, until - context)
  }

  #located({ start, secret }: SecretPlace): FoundSecret {
    const { line, column } = this.#position(start)
    return { line: line + 1, column: column + 1, keys: secret.keys }
  }

  #position(place: number): { readonly line: number; readonly column: number } {
    let line = this.#line
    let lineStart = -this.#column
    for (let end = this.#text.indexOf('\n'); end !== -1 && end < place; end = this.#text.indexOf('\n', end + 1)) {
      line += 1
      lineStart = end + 1
    }
    return { line, column: place - lineStart }
  }

  #forget(place: number): void {
    const { line, column } = this.#position(place)
    this.#line = line
    this.#column = column
    this.#text = this.#text.slice(place)
  }
}
