/** Why a request is refused; decides the status of the answer. */
export type RefusalKind =
  /** What was sent breaks a rule. */
  | 'invalid'
  /** Nobody is signed in, or with the wrong password. */
  | 'unauthenticated'
  /** Whoever is signed in may not do this. */
  | 'forbidden'
  /** It is not there, or not to be seen by who asks. */
  | 'not_found'
  /** It cannot be done as things are. */
  | 'conflict'
  /** It was changed since the version that was sent with the request. */
  | 'stale'
  /** Asked too often. */
  | 'throttled'

/** A request that is refused by a rule. Its message may be shown to who sent it, and holds no secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** Branch on this. */
  readonly kind: RefusalKind
  /** Stable, in capitals: says which rule. */
  readonly code: string
  /** Seconds after which it may be tried again. */
  declare readonly retryAfter?: number

  constructor(kind: RefusalKind, code: string, message: string) {
    super(message)
    this.kind = kind
    this.code = code
  }

  /** One that ends by itself after so many seconds. */
  static throttled(code: string, message: string, retryAfter: number): Refusal {
    return Object.assign(new Refusal('throttled', code, message), { retryAfter })
  }
}
