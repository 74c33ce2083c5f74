import type { Extent } from './encodings.ts'

/** What encoders leave as it is. */
const UNRESERVED = String.raw`\w.~\-` // RFC 3986 §2.3: Go, PHP, AWS
const LEFT_AS_IS = [
  `${UNRESERVED}!*'()`, // encodeURIComponent
  UNRESERVED,
  `${UNRESERVED}!*'();/?:@&=+$,#`, // encodeURI
  `${UNRESERVED}/`, // Python's quote
  String.raw`\w.*\-`, // form fields
  // User names, paths, queries and fragments (URL Standard §1.3)
  String.raw`\w!$%&'()*+,\-.~`,
  String.raw`!$-;=@-\]_a-z|~`,
  String.raw`!$%&(-;=?-~`,
  String.raw`!#-;=?-_a-~`,
  '', // every byte
].map(set => new RegExp(`[^${set}]+`, 'gu'))

/** A text in percent-encoding, also twice, and as a form field, in both cases of hex; `encodeURIComponent`'s first. */
export function percentForms(text: string, extent: Extent): readonly string[] {
  const sets = extent === 'usual' ? LEFT_AS_IS.slice(0, 1) : LEFT_AS_IS
  const forms = sets.flatMap(encoded => [
    text.replace(encoded, run => percent(run).toUpperCase()),
    text.replace(encoded, percent),
  ])
  // A query may hold the address of another page.
  const twice = forms.slice(0, 2).map(form => form.replaceAll('%', '%25'))
  // Every set above has the space encoded, so that %20 is one.
  return [...new Set([...forms, ...forms.map(form => form.replaceAll('%20', '+')), ...twice])]
}

function percent(run: string): string {
  // Not encodeURIComponent, which throws for half of a surrogate pair.
  return Buffer.from(run).toString('hex').replaceAll(/../g, '%$&')
}
