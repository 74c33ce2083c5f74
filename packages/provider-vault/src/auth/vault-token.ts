/** A token. Printing it shows nothing. */
export class VaultToken {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The token itself, for a header. */
  get value(): string {
    return this.#value
  }
}

/** What the server says of a token's life. */
export interface TokenLease {
  /** Milliseconds for which it was granted; 0 when it never ends. */
  readonly durationMs: number
  /** When it ends, on the clock of whoever asked. */
  readonly expiresAt: number
  readonly isRenewable: boolean
  /** Requests that it is good for; 0 for any number. */
  readonly uses: number
  /** Batch tokens are stored nowhere: they can be neither renewed nor revoked. */
  readonly isBatch: boolean
}

/** Whether a text can be a token: it travels in a header. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text)
}

/** The lease in the `auth` of a login or a renewal that was sent at a time; `undefined` when it has none. */
export function grantedLease(auth: Readonly<Record<string, unknown>>, sentAt: number): TokenLease | undefined {
  return leaseOf({ ...auth, ttl: auth['lease_duration'], creation_ttl: auth['lease_duration'] }, sentAt)
}

/** The lease in the `data` of a look-up that was sent at a time; `undefined` when it has none. */
export function leaseOf(facts: Readonly<Record<string, unknown>>, sentAt: number): TokenLease | undefined {
  const { ttl, creation_ttl, num_uses = 0, renewable, token_type, type = token_type } = facts
  const [remaining, granted, uses] = [ttl, creation_ttl, num_uses].map(Number)
  if (!isSeconds(remaining) || !isSeconds(granted) || !isSeconds(uses)) return undefined
  return {
    // A token without an end, such as root, has a remaining time of 0.
    durationMs: remaining === 0 ? 0 : Math.max(granted, remaining) * 1000,
    expiresAt: sentAt + remaining * 1000,
    isRenewable: renewable === true || renewable === 'true',
    uses,
    isBatch: type === 'batch',
  }
}

function isSeconds(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0
}
