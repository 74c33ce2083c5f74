/** What the server answered. */
export interface VaultAnswer {
  readonly status: number
  /** The parsed body, numbers as text; `undefined` when it is no JSON. */
  readonly body: unknown
  /** The body as it came, for what is written back as it was. */
  readonly text?: string | undefined
  /** Whether a redirect leads where none may lead. */
  readonly leavesOrigin: boolean
  /** Value of the header `Retry-After`. */
  readonly retryAfter: string | undefined
  /** Value of the header `Date`. */
  readonly date?: string | undefined
}

/** The texts with which the server says what went wrong; they may repeat paths and are never shown. */
export function errorsOf({ body }: VaultAnswer): readonly string[] {
  const errors = member(body, 'errors')
  return Array.isArray(errors) ? errors.filter(text => typeof text === 'string') : []
}

/** The answer's data, or a member of it; `undefined` when there is none. */
export function dataOf({ body }: VaultAnswer, ...path: readonly string[]): unknown {
  return path.reduce(member, member(body, 'data'))
}

/** Whether the server names a warning, as for a path that its engine does not have. */
export function hasWarnings({ body }: VaultAnswer): boolean {
  const warnings = member(body, 'warnings')
  return Array.isArray(warnings) && warnings.length > 0
}

/** Whether a value is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
