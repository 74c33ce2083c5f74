import type { StandardOutput, StandardSchemaV1 } from './standard-schema.ts'

/** One member of a shape, where the name of the key or its absence matters. */
export interface SecretField {
  /** Key to read. Default: the member's name. */
  readonly key?: string | undefined
  /** Applied to the value. Default: none, the member is the string. */
  readonly schema?: StandardSchemaV1 | undefined
  /** `undefined` instead of an error when the key is missing; never when it is unresolved. Default `false`. */
  readonly optional?: boolean | undefined
}

/** What to read: for each member a schema, with the member's name as the key, or a field. */
export type SecretShape = Readonly<Record<string, StandardSchemaV1 | SecretField>>

/** What `load` resolves to. */
export type Loaded<S extends SecretShape> = { readonly [K in keyof S]: LoadedField<S[K]> }

/** What becomes of one member. */
export type LoadedField<F> = F extends StandardSchemaV1
  ? StandardOutput<F>
  : F extends { readonly optional: true }
    ? FieldOutput<F> | undefined
    : FieldOutput<F>

/** What the schema of a field makes of the value; the value where there is none. */
export type FieldOutput<F> = F extends { readonly schema: infer S extends StandardSchemaV1 }
  ? StandardOutput<S>
  : string

/** A member of a shape, with its defaults. */
export interface Field {
  readonly name: string
  readonly key: string
  readonly schema: StandardSchemaV1 | undefined
  readonly isOptional: boolean
}

/** The members of a shape, in its order. */
export function fieldsOf(shape: SecretShape): readonly Field[] {
  return Object.entries(shape).map(([name, member]) => fieldOf(name, member))
}

function fieldOf(name: string, member: StandardSchemaV1 | SecretField): Field {
  if ('~standard' in member) return { name, key: name, schema: member, isOptional: false }
  return { name, key: member.key ?? name, schema: member.schema, isOptional: member.optional ?? false }
}
