import { inspect } from 'node:util'
import { byteSpellings } from './byte-spellings.ts'
import { jsonForms } from './json-forms.ts'
import { percentForms } from './percent-forms.ts'
import type { Spelling } from './spelling.ts'

/** Longer values are documents, of which each further spelling would cost milliseconds. */
const LONGEST_IN_ALL_FORMS = 4096

/**
 * Every way in which a value is likely to be printed, the value itself first.
 *
 * A value of more than 4096 characters is looked for as it is, in the JSON, percent-encoding and base64 of JavaScript,
 * as `console.log` shows it, and in hex.
 */
export function spellingsOf(value: string): readonly Spelling[] {
  const extent = value.length > LONGEST_IN_ALL_FORMS ? 'usual' : 'all'
  const json = jsonForms(value, extent)
  // A query may hold JSON, and so may base64; where JSON had nothing to escape, both are the same.
  const sources = [...new Set([value, ...json.slice(0, 1)])]
  const texts = new Set([value, ...json, inspected(value), ...sources.flatMap(source => percentForms(source, extent))])
  const spellings = [...texts].map((text): Spelling => ({ text, form: 'text' }))
  return spellings.concat(sources.flatMap(source => byteSpellings(source, extent)))
}

/** As `console.log` shows it within an object: unlike JSON it need not escape quotes. */
function inspected(text: string): string {
  return inspect(text, { breakLength: Number.POSITIVE_INFINITY, colors: false, maxStringLength: null }).slice(1, -1)
}

/** How many of the spellings are worth their cost. */
export type Extent = 'usual' | 'all'
