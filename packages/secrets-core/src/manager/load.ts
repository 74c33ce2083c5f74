import type { SecretError } from '../contract/secret-error.ts'
import type { Read } from './resolution.ts'
import type { SecretProblem } from './secret-load-error.ts'
import type { Field } from './secret-shape.ts'

/** What became of the fields of a shape. */
export interface ParsedFields {
  /** One a field, in their order. */
  readonly values: readonly unknown[]
  /** Everything that is wrong. */
  readonly problems: readonly SecretProblem[]
  /** Whether loading again may help with all of it. */
  readonly isTransient: boolean
}

/** Parses what was read for each field; `errorOf` says why a key has no value. */
export async function parseFields(
  fields: readonly Field[],
  reads: readonly Read[],
  errorOf: (read: Read) => SecretError,
): Promise<ParsedFields> {
  const results = await Promise.all(
    fields.map(async (field, index) => {
      const read = reads[index]
      return read && parsed(field, read, errorOf)
    }),
  )
  return {
    values: results.map(result => result?.value),
    problems: results.flatMap(result => result?.problem ?? []),
    isTransient: results.every(result => result?.problem === undefined || result.isTransient),
  }
}

interface Parsed {
  readonly value?: unknown
  readonly problem?: SecretProblem
  readonly isTransient?: boolean
}

async function parsed(
  { key, schema, isOptional }: Field,
  read: Read,
  errorOf: (read: Read) => SecretError,
): Promise<Parsed> {
  const value = read.kept.value
  if (value === undefined) {
    if (read.kept.status === 'missing' && isOptional) return {}
    const { kind, message, transient } = errorOf(read)
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
