/** Longer labels are cut off: a key may be as long as its source lets it. */
const LONGEST = 64

/** Whatever could break a line, a terminal, JSON around it, or the marker itself; half a surrogate pair too. */
const ODD = /[\p{C}\p{Zl}\p{Zp}"\\[\]]/gu

/** What is written for values that are called so: the label in brackets. */
export function labelMarker(label: string): string {
  const shown = label.length > LONGEST ? `${label.slice(0, LONGEST)}…` : label
  return `[${shown.replaceAll(ODD, '_') || 'secret'}]`
}
