import { randomBytes } from 'node:crypto'
import { createRedactor, type Redactor } from '@st/secrets-core/redactor'
import type { KnownSecret } from './known-secret.ts'

/** Where a secret stands in a text. */
export interface SecretPlace {
  /** Code unit with which it begins. */
  readonly start: number
  /** Code unit behind it. */
  readonly end: number
  /** What it is called. */
  readonly secret: KnownSecret
}

/** No known spelling of a character is longer: `\\u00e9` within JSON within a percent-encoded query, say. */
const longestSpelling = 18

/** Room for what the redactor looks at beside a value. */
const neighbourhood = 64

/**
 * Finds secrets in every spelling that the redactor knows, by the redactor itself: values are protected under labels that
 * no text can hold, and the places of the labels in what comes out tell where the values stood.
 */
export class SecretLocator {
  /** Code units of a text, at most, that decide whether a secret begins at a place. */
  readonly reach: number
  /** Keys of values that are too short to be looked for. */
  readonly tooShort: readonly string[]
  readonly #redactor: Redactor = createRedactor()
  readonly #secrets: readonly KnownSecret[]
  readonly #marker: RegExp

  /** @param secrets - What to look for. */
  constructor(secrets: readonly KnownSecret[]) {
    const mark = randomBytes(16).toString('hex')
    const tooShort: string[] = []
    let longest = 0
    for (const [index, { value, keys }] of secrets.entries()) {
      const before = this.#redactor.skipped
      this.#redactor.protect(value, `${mark}x${index}`)
      if (this.#redactor.skipped > before) tooShort.push(...keys)
      longest = Math.max(longest, value.length)
    }
    this.#secrets = secrets
    this.#marker = new RegExp(String.raw`\[${mark}x(\d+)\]`)
    this.tooShort = tooShort
    this.reach = longest * longestSpelling + neighbourhood
  }

  /** Places in the order in which they begin; parts of a place are not told again. */
  find(text: string): readonly SecretPlace[] {
    const places: SecretPlace[] = []
    let output = this.#redactor.text(text)
    if (output === text) return places
    let offset = 0
    for (;;) {
      const found = this.#marker.exec(output)
      const secret = this.#secrets[Number(found?.[1])]
      if (!found || !secret) return places
      const start = offset + found.index
      const rest = output.slice(found.index + found[0].length)
      const end = this.#endOf(text, start, rest)
      places.push({ start, end, secret })
      offset = end
      output = rest
    }
  }

  /** The place from which on a text is redacted to what stands behind a marker. */
  #endOf(text: string, start: number, rest: string): number {
    const following = this.#marker.exec(rest)
    // Behind the last marker the text is as it was.
    if (!following) return text.length - rest.length
    const gap = rest.slice(0, following.index)
    for (let end = text.indexOf(gap, start + 1); end !== -1; end = text.indexOf(gap, end + 1)) {
      if (this.#isRedactedTo(text.slice(end, end + gap.length + this.reach), rest)) return end
    }
    // Only a short value whose neighbour decides about it gets here; what is not skipped may be told twice.
    return start + 1
  }

  #isRedactedTo(text: string, rest: string): boolean {
    const output = this.#redactor.text(text)
    const upTo = this.#marker.exec(output)
    // The end of the text is cut off anywhere, the first marker in it is not.
    return upTo !== null && rest.startsWith(output.slice(0, upTo.index + upTo[0].length))
  }
}
