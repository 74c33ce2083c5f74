import { isUtf8 } from 'node:buffer'
import type { CredentialCipher } from './credential-cipher.ts'
import { requireContext } from './credential-context.ts'
import type { CredentialContext } from './credential-context.ts'
import { CredentialError } from './credential-error.ts'
import { decryptPayload } from './fernet-token.ts'
import type { RingKey } from './ring-key.ts'
import { isSt2, St2Ring } from './st2-ring.ts'
import { V1Ring } from './v1-ring.ts'
import { wellFormed } from './well-formed.ts'

/** The stored forms: SimpleTuner's, and the stronger one of this package. */
export type CredentialFormat = 'v1' | 'st2'

/** How a {@link KeyRingCipher} writes and reads. */
export interface KeyRingCipherOptions {
  /** What to write; both are read. With `'st2'` the first key must have a key for it. */
  readonly format: CredentialFormat
  /** Whether to refuse v1 tokens in other spellings than the canonical one. */
  readonly isStrict: boolean
}

/** The cipher over a ring of keys: the first encrypts, all decrypt. */
export class KeyRingCipher implements CredentialCipher {
  readonly keyFingerprint: string
  readonly #v1: V1Ring
  readonly #st2: St2Ring
  readonly #format: CredentialFormat

  constructor(ring: readonly [RingKey, ...RingKey[]], { format, isStrict }: KeyRingCipherOptions) {
    const [first, ...others] = ring
    this.keyFingerprint = (format === 'st2' ? first.st2?.fingerprint : undefined) ?? first.fingerprint
    this.#v1 = new V1Ring([first.fernet, ...others.map(({ fernet }) => fernet)], isStrict)
    this.#st2 = new St2Ring(
      first.st2,
      ring.flatMap(({ st2 }) => st2 ?? []),
    )
    this.#format = format
  }

  encrypt(plaintext: string, context?: CredentialContext): string {
    if (typeof plaintext !== 'string') throw new TypeError('plaintext must be a string')
    return this.#seal(wellFormed(plaintext), context)
  }

  decrypt(token: string, context?: CredentialContext): string {
    const payload = this.#open(token, context)
    try {
      return decodeText(payload)
    } finally {
      payload.fill(0)
    }
  }

  needsReencrypt(token: string): boolean {
    const isSt2Token = isSt2(requireToken(token))
    const isCurrent = isSt2Token ? this.#st2.isCurrent(token) : this.#v1.verify(token).isCurrent
    return !isCurrent || isSt2Token !== (this.#format === 'st2')
  }

  rotate(token: string, context?: CredentialContext): string {
    return isSt2(requireToken(token)) ? this.#rotateSt2(token, context) : this.#rotateV1(token, context)
  }

  #rotateV1(text: string, context: CredentialContext | undefined): string {
    requireContext(context)
    const { token, keys, isCurrent } = this.#v1.verify(text)
    if (isCurrent && this.#format === 'v1') return text
    const { timestamp } = token
    const payload = decryptPayload(token, keys)
    try {
      return this.#format === 'v1' ? this.#v1.seal(payload, timestamp) : this.#st2.seal(payload, context)
    } finally {
      payload.fill(0)
    }
  }

  #rotateSt2(token: string, context: CredentialContext | undefined): string {
    // Opened in any case, so that a value which was moved here from another row is noticed.
    const { payload, isCurrent } = this.#st2.open(token, context)
    try {
      return isCurrent && this.#format === 'st2' ? token : this.#seal(payload, context)
    } finally {
      payload.fill(0)
    }
  }

  #open(token: string, context: CredentialContext | undefined): Buffer {
    if (isSt2(requireToken(token))) return this.#st2.open(token, context).payload
    requireContext(context)
    return this.#v1.open(token)
  }

  #seal(payload: string | Uint8Array, context: CredentialContext | undefined): string {
    if (this.#format === 'st2') return this.#st2.seal(payload, context)
    // Not bound to it, but what is wrong with it is to show before the form is switched.
    requireContext(context)
    return this.#v1.seal(payload)
  }
}

function requireToken(token: string): string {
  if (typeof token !== 'string') throw new TypeError('token must be a string')
  return token
}

function decodeText(payload: Buffer): string {
  if (!isUtf8(payload)) throw new CredentialError('not_utf8', 'The token is authentic and its content is not UTF-8')
  // Unlike TextDecoder, `toString` keeps a byte order mark at the start.
  return payload.toString('utf8')
}
