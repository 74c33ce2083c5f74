import { SecretError, type SecretErrorKind } from '../contract/secret-error.ts'
import { type Read, traceOf } from './resolution.ts'
import { resolutionError } from './resolution-error.ts'
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

/** Why one key could not be had. */
export interface SecretProblem {
  /** Key that was read. */
  readonly key: string
  /** `missing`, `unresolved` or `invalid`. */
  readonly kind: SecretErrorKind
  /** What is wrong, for people. Never a value. */
  readonly message: string
}

/** All keys of a `load` that could not be had, at once. */
export class SecretLoadError extends SecretError {
  /** One a key, in the order of the shape. */
  readonly problems: readonly SecretProblem[]

  /**
   * @param problems - One a key.
   * @param transient - Whether loading again may help.
   */
  constructor(problems: readonly SecretProblem[], transient: boolean) {
    const kind = problems.find(problem => problem.kind === 'unresolved')?.kind ?? problems[0]?.kind ?? 'invalid'
    const message = `Secrets could not be loaded.${problems.map(problem => `\n- ${problem.message}`).join('')}`
    super(kind, message, { transient })
    this.name = 'SecretLoadError'
    this.problems = problems
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static override isInstance(value: unknown): value is SecretLoadError {
    return SecretError.isInstance(value) && 'problems' in value
  }
}

/** Reads several keys. */
export type ReadKeys = (keys: readonly string[]) => Promise<readonly Read[]>

/** Reads and parses a whole configuration; rejects with a {@link SecretLoadError} that names everything that is wrong. */
export async function loadShape<const S extends SecretShape>(shape: S, readKeys: ReadKeys): Promise<Loaded<S>> {
  const fields = Object.entries(shape).map(([name, member]) => fieldOf(name, member))
  const reads = await readKeys(fields.map(({ key }) => key))
  const results = await Promise.all(
    fields.map(async (field, index) => {
      const read = reads[index]
      return read && parsed(field, read)
    }),
  )
  const problems = results.flatMap(result => result?.problem ?? [])
  if (problems.length > 0) {
    const isTransient = results.every(result => result?.problem === undefined || result.isTransient)
    throw new SecretLoadError(problems, isTransient)
  }
  const entries = fields.map(({ name }, index) => [name, results[index]?.value] as const)
  // Each member holds what its own schema gave.
  return Object.fromEntries(entries) as Loaded<S>
}

interface Field {
  readonly name: string
  readonly key: string
  readonly schema: StandardSchemaV1 | undefined
  readonly isOptional: boolean
}

interface Parsed {
  readonly value?: unknown
  readonly problem?: SecretProblem
  readonly isTransient?: boolean
}

function fieldOf(name: string, member: StandardSchemaV1 | SecretField): Field {
  if ('~standard' in member) return { name, key: name, schema: member, isOptional: false }
  return { name, key: member.key ?? name, schema: member.schema, isOptional: member.optional ?? false }
}

async function parsed({ key, schema, isOptional }: Field, read: Read): Promise<Parsed> {
  const value = read.kept.value
  if (value === undefined) {
    const { status } = read.kept
    if (status === 'missing' && isOptional) return {}
    // The times in the trace are not told.
    const { kind, message, transient } = resolutionError(traceOf(read, 0))
    return { problem: { key, kind, message }, isTransient: transient }
  }
  if (schema === undefined) return { value }
  const { validate, vendor } = schema['~standard']
  try {
    const result = await validate(value)
    if (result.issues === undefined) return { value: result.value }
  } catch {
    // What a schema throws may hold the value, as its messages may: "expected a number, received ...".
  }
  const message = `Secret "${key}" does not fit its schema (${vendor}).`
  return { problem: { key, kind: 'invalid', message } }
}
