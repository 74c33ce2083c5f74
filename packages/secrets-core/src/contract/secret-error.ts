import { definedMembers } from './defined-members.ts'

const marker: unique symbol = Symbol.for('@st/secrets.error')

/** Why a secret could not be had. Branch on this, never on the message. Adding a kind is minor, removing one is major. */
export type SecretErrorKind =
  /** Every provider that could hold the key answered no. Only the manager says so. */
  | 'missing'
  /** No provider had the key and at least one could not be asked. Only the manager says so. */
  | 'unresolved'
  /** What is there is no string, or what was given cannot be stored. */
  | 'invalid'
  /** An option, variable or package is lacking or contradictory; asking again cannot help. */
  | 'not_configured'
  /** Refused, reset, 5xx, sealed. Transient. */
  | 'unavailable'
  /** The deadline passed. Transient. */
  | 'timeout'
  /** The source asked to slow down. Transient. */
  | 'throttled'
  /** The provider's own credential was refused. */
  | 'unauthenticated'
  /** The credential is good and may not read or write this. */
  | 'forbidden'
  /** The source answered with something that is not what it should be. */
  | 'malformed'
  /** Answering would have been unsafe: a foreign redirect, a file that others can write. */
  | 'insecure'
  /** This provider cannot do this: write, list, answer without waiting. */
  | 'unsupported'
  /** Somebody else changed it in between. */
  | 'conflict'
  /** The manager or the provider was closed. */
  | 'closed'
  /** The provider broke its contract: threw a non-error, resolved to something other than a string. */
  | 'internal'

/** What else is known about a failure. No member ever holds a value, a token or a piece of an answer. */
export interface SecretErrorDetails {
  /** Name of the provider that failed. */
  readonly provider?: string | undefined
  /** Key that was asked for. */
  readonly key?: string | undefined
  /** HTTP status of the answer, where there was one. */
  readonly status?: number | undefined
  /** Refinement for machines: `'sealed'`, `'deleted'`. An open set. */
  readonly detail?: string | undefined
  /** Milliseconds after which the source wants to be asked again. */
  readonly retryAfterMs?: number | undefined
  /** What to do about it: names the option, variable, file or permission. */
  readonly hint?: string | undefined
  /** Whether asking again may succeed. Default: true for `unavailable`, `timeout` and `throttled`. */
  readonly transient?: boolean | undefined
}

/**
 * A secret could not be had, or a provider could not answer. A key that does not exist is not an error for a provider.
 *
 * Neither the message nor any member holds a secret value, and `cause` is never set: errors of third-party clients
 * carry tokens and pieces of documents.
 */
export class SecretError extends Error {
  /** Branch on this, never on `message`. */
  readonly kind: SecretErrorKind
  /** `ST_SECRETS_` and the kind in capitals, for logs and searches. */
  readonly code: `ST_SECRETS_${Uppercase<SecretErrorKind>}`
  /** Name of the provider that failed; absent when no single one did. */
  declare readonly provider?: string
  /** Key that was asked for; absent when the failure concerns all keys. */
  declare readonly key?: string
  /** HTTP status of the answer, where there was one. */
  declare readonly status?: number
  /** Refinement for machines: `'sealed'`, `'deleted'`. An open set. */
  declare readonly detail?: string
  /** Milliseconds after which the source wants to be asked again. */
  declare readonly retryAfterMs?: number
  /** What to do about it. */
  declare readonly hint?: string
  /** Whether asking again may succeed. */
  readonly transient: boolean

  /**
   * @param kind - Why.
   * @param message - What failed, on which named thing. Never a value.
   * @param details - What else is known; `undefined` members are left out.
   */
  constructor(kind: SecretErrorKind, message: string, details: SecretErrorDetails = {}) {
    super(message)
    this.name = 'SecretError'
    this.kind = kind
    this.code = codeOf(kind)
    const { transient, ...known } = details
    this.transient = transient ?? isTransientKind(kind)
    Object.assign(this, definedMembers(known))
    // Not enumerable, so that it stays out of logs.
    Object.defineProperty(this, marker, { value: true })
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static isInstance(value: unknown): value is SecretError {
    return value instanceof Error && marker in value
  }

  /** Plain data for logs: every member but the stack. */
  toJSON(): SecretErrorDetails & Pick<SecretError, 'name' | 'message' | 'kind' | 'code'> {
    const { name, message, kind, code, provider, key, status, detail, retryAfterMs, hint, transient } = this
    const known = definedMembers({ provider, key, status, detail, retryAfterMs, hint })
    return { name, message, kind, code, ...known, transient }
  }
}

/** Whether a failure of this kind passes by itself, unless it says otherwise. */
export function isTransientKind(kind: SecretErrorKind): boolean {
  return kind === 'unavailable' || kind === 'timeout' || kind === 'throttled'
}

function codeOf(kind: SecretErrorKind): `ST_SECRETS_${Uppercase<SecretErrorKind>}` {
  // `toUpperCase` is typed as `string`; on these ASCII literals it is `Uppercase`.
  return `ST_SECRETS_${kind.toUpperCase() as Uppercase<SecretErrorKind>}`
}
