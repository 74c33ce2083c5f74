/** The keys that a cache shows, from the least to the most recently used. */
export function keysOf(cache: Iterable<[string, unknown]>): readonly string[] {
  return Array.from(cache, ([key]) => key)
}
