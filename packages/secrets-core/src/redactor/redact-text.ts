import type { KnownValues } from './known-values.ts'
import { Replacement } from './replacement.ts'

/** A text with every known value replaced. */
export function redactText(text: string, known: KnownValues): string {
  const matches = known.matches(text)
  if (matches.length === 0) return text
  return new Replacement(label => known.markerOf(label)).write(text, matches, { start: 0, end: text.length })
}
