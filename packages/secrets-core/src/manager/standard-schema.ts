/** The part of Standard Schema 1 (standardschema.dev) that `load` uses; Zod, Valibot and ArkType schemas are ones. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  /** The members that the specification puts under this one name. */
  readonly '~standard': StandardSchemaProps<Input, Output>
}

/** What a schema has under `~standard`. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  /** Version of the specification. */
  readonly version: 1
  /** Name of the library, such as `zod`. */
  readonly vendor: string
  /** Checks a value, and may transform it. */
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
  /** For the type checker only. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined
}

/** What a schema says of a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** What a schema makes of a value. */
export type StandardOutput<S extends StandardSchemaV1> = NonNullable<S['~standard']['types']>['output']
