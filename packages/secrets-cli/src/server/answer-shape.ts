/** Reads a part of an answer as what it should be; what is absent comes out as `null`. */
export type Shape<T> = (value: unknown) => T

/** An answer is not what this program understands. Says nothing about what it is instead. */
export class UnexpectedShape extends Error {
  override readonly name = 'UnexpectedShape'
}

/** Text. */
export const text: Shape<string> = value => {
  if (typeof value === 'string') return value
  throw new UnexpectedShape()
}

/** A number that is one: no text, no NaN. */
export const amount: Shape<number> = value => {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new UnexpectedShape()
}

/** Yes or no. */
export const truth: Shape<boolean> = value => {
  if (typeof value === 'boolean') return value
  throw new UnexpectedShape()
}

/** The same, or nothing. */
export function optional<T>(shape: Shape<T>): Shape<T | null> {
  return value => (value === undefined || value === null ? null : shape(value))
}

/** Any number of the same. */
export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return value => {
    if (Array.isArray(value)) return value.map(shape)
    throw new UnexpectedShape()
  }
}

/** Members that are there; those that nobody asks for are left out. */
export function members<T extends object>(shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  return value => {
    const given = entriesOf(value)
    // `Object.entries` cannot say that each shape belongs to the member of its name.
    const read = Object.entries(shapes as Readonly<Record<string, Shape<unknown>>>)
    // One member for each of `T`, as its shape has read it.
    return Object.fromEntries(read.map(([name, shape]) => [name, shape(given.get(name))])) as T
  }
}

/** A number for each of any names. */
export const amounts: Shape<Readonly<Record<string, number>>> = value =>
  Object.fromEntries([...entriesOf(value)].map(([name, member]) => [name, amount(member)]))

/** Nothing that matters. */
export const anything: Shape<void> = () => undefined

/** Own members only. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value))
  throw new UnexpectedShape()
}
