import { Type } from 'typebox'

/** Answers of requests that have nothing to tell; sent as `null`. */
export const noContent = { 204: Type.Null({ description: 'Done.' }) }

/** A list in an answer; whoever makes it may keep it from being changed. */
export function list<T extends Type.TSchema>(schema: T): Type.TImmutable<Type.TArray<T>> {
  return Type.Immutable(Type.Array(schema))
}

/** An object in a request: a member that it does not name is refused. */
export const closed = { additionalProperties: false } as const
