import { inspect, isDeepStrictEqual } from 'node:util'

/** Throws where what the cache has is not what its model has. */
export function compare(what: string, actual: unknown, expected: unknown): void {
  if (Object.is(actual, expected) || isDeepStrictEqual(actual, expected)) return
  throw new Error(`${what}: the cache has ${inspect(actual)}, its model ${inspect(expected)}`)
}

/** The same for lists, which is quick as long as they are the same. */
export function compareLists(what: string, actual: readonly unknown[], expected: readonly unknown[]): void {
  const isSame = actual.length === expected.length && actual.every((value, index) => Object.is(value, expected[index]))
  if (!isSame) compare(what, actual, expected)
}
