import { authenticationFailed } from './authentication-failed.ts'
import type { FernetKeys } from './fernet-keys.ts'
import { decryptPayload, isAuthentic, parseFernetToken, sealFernetToken } from './fernet-token.ts'
import type { FernetToken } from './fernet-token.ts'
import { scratchMemory } from './scratch-memory.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'

/** A token whose signature has been verified. */
export interface VerifiedV1 {
  readonly token: FernetToken
  readonly keys: FernetKeys
  /** Whether the first key made the token, and its text is spelt as this package spells it. */
  readonly isCurrent: boolean
}

/** Reads and writes the form that SimpleTuner stores: Fernet, and base64 once more. */
export class V1Ring {
  readonly #first: FernetKeys
  readonly #ring: readonly FernetKeys[]
  readonly #isStrict: boolean

  constructor(ring: readonly [FernetKeys, ...FernetKeys[]], isStrict: boolean) {
    this.#first = ring[0]
    this.#ring = ring
    this.#isStrict = isStrict
  }

  /** @param timestamp - Default: now. */
  seal(payload: string | Uint8Array, timestamp?: bigint): string {
    return encodeStoredToken(sealFernetToken(payload, this.#first, { timestamp }))
  }

  verify(text: string): VerifiedV1 {
    const { raw, isCanonical } = decodeStoredToken(text, this.#isStrict, scratchMemory)
    const token = parseFernetToken(raw)
    // Nothing is decrypted before a signature fits, so that each further key costs one HMAC.
    for (const keys of this.#ring) {
      if (isAuthentic(token, keys)) return { token, keys, isCurrent: isCanonical && keys === this.#first }
    }
    throw authenticationFailed()
  }

  /** @returns The payload, which whoever asked wipes. */
  open(text: string): Buffer {
    const { token, keys } = this.verify(text)
    return decryptPayload(token, keys)
  }
}
