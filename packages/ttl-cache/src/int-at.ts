/** The number at an index that the caller knows to be within bounds. */
export function intAt(numbers: Int32Array, index: number): number {
  // Slots are handed out by the store that sizes the arrays, so no index reaches past their end.
  return numbers[index] as number
}
