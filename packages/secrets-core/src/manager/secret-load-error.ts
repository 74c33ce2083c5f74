import { SecretError, type SecretErrorKind } from '../contract/secret-error.ts'

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
