import { isUtf8 } from 'node:buffer'
import type { CredentialCipher } from './credential-cipher.ts'
import { CredentialError } from './credential-error.ts'
import type { FernetKeys } from './fernet-keys.ts'
import { authenticationFailed, decryptPayload, isAuthentic, parseFernetToken, sealFernetToken } from './fernet-token.ts'
import type { FernetToken } from './fernet-token.ts'
import { scratchMemory } from './scratch-memory.ts'
import { decodeStoredToken, encodeStoredToken } from './stored-token.ts'
import { wellFormed } from './well-formed.ts'

/** A key of the ring. */
export interface RingKey {
  readonly keys: FernetKeys
  readonly fingerprint: string
}

interface OpenedToken {
  readonly token: FernetToken
  readonly keys: FernetKeys
  readonly isCanonical: boolean
}

/** The cipher over a ring of keys: the first encrypts, all decrypt. */
export class KeyRingCipher implements CredentialCipher {
  readonly keyFingerprint: string
  readonly #first: FernetKeys
  readonly #ring: readonly FernetKeys[]
  readonly #isStrict: boolean

  constructor(ring: readonly [RingKey, ...RingKey[]], isStrict: boolean) {
    this.keyFingerprint = ring[0].fingerprint
    this.#first = ring[0].keys
    this.#ring = ring.map(({ keys }) => keys)
    this.#isStrict = isStrict
  }

  encrypt(plaintext: string): string {
    if (typeof plaintext !== 'string') throw new TypeError('plaintext must be a string')
    return encodeStoredToken(sealFernetToken(wellFormed(plaintext), this.#first))
  }

  decrypt(token: string): string {
    const opened = this.#open(token)
    const payload = decryptPayload(opened.token, opened.keys)
    try {
      return decodeText(payload)
    } finally {
      payload.fill(0)
    }
  }

  needsReencrypt(token: string): boolean {
    return this.#isOutdated(this.#open(token))
  }

  rotate(token: string): string {
    const opened = this.#open(token)
    if (!this.#isOutdated(opened)) return token
    const payload = decryptPayload(opened.token, opened.keys)
    const { timestamp } = opened.token
    try {
      return encodeStoredToken(sealFernetToken(payload, this.#first, { timestamp }))
    } finally {
      payload.fill(0)
    }
  }

  #open(text: string): OpenedToken {
    const { raw, isCanonical } = decodeStoredToken(text, this.#isStrict, scratchMemory)
    const token = parseFernetToken(raw)
    // Nothing is decrypted before a signature fits, so that each further key costs one HMAC.
    const keys = this.#ring.find(candidate => isAuthentic(token, candidate))
    if (keys === undefined) throw authenticationFailed()
    return { token, keys, isCanonical }
  }

  #isOutdated(opened: OpenedToken): boolean {
    return opened.keys !== this.#first || !opened.isCanonical
  }
}

function decodeText(payload: Buffer): string {
  if (!isUtf8(payload)) throw new CredentialError('not_utf8', 'The token is authentic and its content is not UTF-8')
  // Unlike TextDecoder, `toString` keeps a byte order mark at the start.
  return payload.toString('utf8')
}
