import type { Extent } from './encodings.ts'

/** What JSON cannot hold as it is (RFC 8259 §7); of surrogates, those that are no pair. */
const MUST = String.raw`"\\\0-\x1f\ud800-\udfff`

/** What encoders write as `\uXXXX` besides. */
const UNICODE_ESCAPED = [
  '', // JSON.stringify
  String.raw`\x7f-\u{10ffff}`, // Python, PHP, Jackson
  String.raw`<>&\u2028\u2029`, // Go, Rails
  String.raw`<>&='\u2028\u2029`, // Gson
  String.raw`"&'+<>${'`'}\x7f-\u{10ffff}`, // System.Text.Json
  String.raw`\0-\u{10ffff}`,
].map(set => new RegExp(`([${set}]+)|[${MUST}]`, 'gu'))

/** A text as it stands between the quotes of a JSON string, or of one inside another; `JSON.stringify`'s first. */
export function jsonForms(text: string, extent: Extent): readonly string[] {
  const sets = extent === 'usual' ? UNICODE_ESCAPED.slice(0, 1) : UNICODE_ESCAPED
  const single = sets.flatMap(set => [
    text.replace(set, escaped),
    text.replace(set, (run: string, asUnicode?: string) => upperHex(escaped(run, asUnicode))),
  ])
  const once = [...new Set([...single, ...single.map(withSlashes)])]
  const twice = once.map(short)
  return [...new Set([...once, ...twice, ...twice.map(withSlashes)])]
}

function escaped(run: string, asUnicode?: string): string {
  return asUnicode === undefined ? short(run) : unicode(run)
}

function short(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function unicode(run: string): string {
  // Not by code points: a pair of surrogates is escaped as two.
  return run.replaceAll(/[^]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function upperHex(run: string): string {
  return run.replaceAll(/(?<=\\u)..../g, digits => digits.toUpperCase())
}

function withSlashes(form: string): string {
  return form.replaceAll('/', String.raw`\/`)
}
