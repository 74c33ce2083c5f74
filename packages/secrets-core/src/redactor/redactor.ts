import { KnownValues } from './known-values.ts'
import { redactStream } from './redact-stream.ts'
import { redactText } from './redact-text.ts'
import { redactValue } from './redact-value.ts'

/** Shortest value that is looked for, unless an option says otherwise. */
const SHORTEST = 4

/**
 * Replaces known values by their labels, in every encoding that they are likely to be printed in: as they are, escaped in
 * JSON (also in JSON within JSON) or by `util.inspect`, in base64 and base64url at every alignment, in hex and as lists of
 * bytes, percent-encoded. Base64 and hex that are broken into lines are not read across them.
 *
 * Values under 8 characters are replaced only where no word goes on at either end, so that `1234` is not cut out of
 * `12345`. Parts of a value are replaced by themselves, too: lines of 16 characters and more that are one word, and words
 * of 32 and more. A redactor holds what it looks for in memory, and shows it in no form.
 */
export interface Redactor {
  /**
   * Adds a value. A value that is known already keeps its first label, at no cost.
   *
   * @param value - Its encodings are made when something is redacted next.
   * @param label - What is printed instead, in brackets; at most 64 characters of it, those that could break a line or
   *   JSON as `_`. A label that holds a known value is not printed.
   * @throws TypeError when one of them is no string.
   */
  protect(value: string, label: string): void
  /**
   * Text with every known value replaced by `[label]`.
   *
   * @throws TypeError when it is no string.
   */
  text(input: string): string
  /**
   * A copy of anything for logging, as plain data, with every known value in it replaced.
   *
   * Errors become objects with name, message, stack, cause and every other member; maps become arrays of pairs, sets
   * arrays; of instances the enumerable members are left. Bytes become their text, or what they are and how many. Keys are
   * redacted, too. No getter, proxy or `toJSON` is run; what cannot be read says so in brackets, as do cycles and what lies
   * deeper than 10 levels or beyond 1000 members of one object or 10,000 objects. Never throws.
   */
  value(input: unknown): unknown
  /**
   * For text that comes in chunks; catches values that cross their borders. What comes out is what {@link Redactor.text}
   * makes of the whole. Only what may become a known value is held back until it is clear or the stream ends.
   */
  stream(): TransformStream<string, string>
  /** How many different values were too short to be looked for. They are printed as they are: choose longer ones. */
  readonly skipped: number
}

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  /**
   * Shortest value that is looked for, white space around it not counted; a whole number from 4 up. Shorter ones are only
   * counted in {@link Redactor.skipped}. Default: 4.
   */
  readonly minLength?: number | undefined
}

/**
 * Makes a {@link Redactor} that knows no value yet.
 *
 * @throws RangeError when `minLength` is less than 4 or no whole number.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const { minLength = SHORTEST } = options
  if (!Number.isInteger(minLength) || minLength < SHORTEST) {
    throw new RangeError(`minLength must be a whole number from ${SHORTEST} up: shorter values are in every text`)
  }
  return new KnownValueRedactor(minLength)
}

/** Nothing of it is a property, so that nothing prints, clones or serializes what it knows. */
class KnownValueRedactor implements Redactor {
  readonly #known: KnownValues

  constructor(minLength: number) {
    this.#known = new KnownValues(minLength)
  }

  get skipped(): number {
    return this.#known.skipped
  }

  protect(value: string, label: string): void {
    if (typeof value !== 'string' || typeof label !== 'string') {
      throw new TypeError('redactor.protect takes a value and a label, both strings')
    }
    this.#known.add(value, label)
  }

  text(input: string): string {
    if (typeof input !== 'string') throw new TypeError('redactor.text takes a string: use redactor.value for the rest')
    return redactText(input, this.#known)
  }

  value(input: unknown): unknown {
    return redactValue(input, this.#known)
  }

  stream(): TransformStream<string, string> {
    return redactStream(this.#known)
  }
}
