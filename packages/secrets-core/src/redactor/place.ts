/** Part of a text: from a code unit to before another. */
export interface Place {
  readonly start: number
  readonly end: number
}
