/** Whole milliseconds of a number of seconds: what is left of one is cut off, so that nothing lasts longer than asked. */
export function toMilliseconds(seconds: number): number {
  // 1.001 * 1000 is 1000.9999999999999.
  const error = 0.001
  return Math.floor(seconds * 1000 + error)
}
