import { authenticationFailed } from './authentication-failed.ts'
import { decodeBase64Url, decodedBytes, encodeBase64Url } from './base64-url.ts'
import { CredentialError } from './credential-error.ts'
import { fernetKeys } from './fernet-keys.ts'
import type { FernetKeys } from './fernet-keys.ts'
import { decryptPayload, isAuthentic, parseFernetToken, sealFernetToken } from './fernet-token.ts'
import type { FernetToken } from './fernet-token.ts'
import { scratchMemory } from './scratch-memory.ts'
import { wellFormed } from './well-formed.ts'

const KEY_BYTES = 32
const MAX_CLOCK_SKEW = 60

/** Options of {@link Fernet.decrypt}. */
export interface FernetDecryptOptions {
  /**
   * Age in seconds up to which a token is accepted. With it, a token stamped more than 60 seconds after `now` is refused
   * too. Default: no limit, and the timestamp is not looked at.
   */
  readonly ttl?: number | undefined
  /** Time to compare with, in seconds since 1970; used only together with `ttl`. Default: the clock. */
  readonly now?: number | undefined
}

/**
 * Encrypts and decrypts Fernet tokens as the Fernet specification has them, in base64 once.
 *
 * Text is read strictly: base64url with padding, nothing else. What SimpleTuner stores is encoded twice; for that there
 * are {@link decryptCredential} and {@link createCredentialCipher}.
 */
export class Fernet {
  readonly #keys: FernetKeys

  /**
   * @param key - 32 bytes as base64 with padding (44 characters), in either alphabet. {@link deriveKey} gives one.
   * @throws {@link CredentialError} `key_refused` when it is anything else.
   */
  constructor(key: string) {
    const bytes = decodeKey(key)
    this.#keys = fernetKeys(bytes)
    bytes.fill(0)
  }

  /**
   * Encrypts.
   *
   * @param data - Bytes, or text that is taken as UTF-8.
   * @returns A token that carries the present time, which is not secret.
   * @throws {@link CredentialError} `not_utf8` for text with a lone surrogate.
   */
  encrypt(data: string | Uint8Array): string {
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
      throw new TypeError('data must be a string or a Uint8Array')
    }
    return encodeBase64Url(sealFernetToken(typeof data === 'string' ? wellFormed(data) : data, this.#keys))
  }

  /**
   * Verifies and decrypts, in this order: shape, signature, age, padding.
   *
   * @param token - A Fernet token.
   * @param options - How old it may be; without `ttl` of any age.
   * @returns The bytes that were encrypted.
   * @throws {@link CredentialError} `malformed`, `unsupported_version`, `authentication_failed` or `expired`.
   */
  decrypt(token: string, options: FernetDecryptOptions = {}): Uint8Array {
    const verified = this.#verify(token)
    if (options.ttl !== undefined) requireFresh(verified.timestamp, options.ttl, options.now)
    const payload = decryptPayload(verified, this.#keys)
    // A copy, because a Buffer may share its memory with others.
    const bytes = new Uint8Array(payload)
    payload.fill(0)
    return bytes
  }

  /**
   * Tells when a token was made, after its signature has been verified.
   *
   * @returns Seconds since 1970, 0 to 2^64-1.
   * @throws {@link CredentialError} `malformed`, `unsupported_version` or `authentication_failed`.
   */
  extractTimestamp(token: string): bigint {
    return this.#verify(token).timestamp
  }

  #verify(token: string): FernetToken {
    if (typeof token !== 'string') throw new TypeError('token must be a string')
    const raw = decodeBase64Url(token, scratchMemory(decodedBytes(token)))
    if (raw === undefined) {
      throw new CredentialError('malformed', 'The token is malformed: it is not base64url with padding')
    }
    const parsed = parseFernetToken(raw)
    if (!isAuthentic(parsed, this.#keys)) throw authenticationFailed()
    return parsed
  }
}

function decodeKey(key: string): Buffer {
  if (typeof key !== 'string') throw new TypeError('key must be a string')
  // `openssl rand -base64 32` writes the other alphabet, and every Fernet implementation takes it.
  const bytes = decodeBase64Url(key.replaceAll('+', '-').replaceAll('/', '_'))
  if (bytes?.length !== KEY_BYTES) {
    throw new CredentialError('key_refused', 'The Fernet key is not 32 bytes as base64 with padding', {
      detail: 'malformed',
      hint: 'A Fernet key has 44 characters and ends with "="; deriveKey() makes one from any secret.',
    })
  }
  return bytes
}

function requireFresh(timestamp: bigint, ttl: number, now = Date.now() / 1000): void {
  if (Number.isNaN(ttl)) throw new RangeError('ttl must be a number of seconds')
  if (!Number.isFinite(now)) throw new RangeError('now must be a number of seconds')
  const second = Math.floor(now)
  if (timestamp < second - ttl) throw new CredentialError('expired', 'The token is older than ttl allows')
  if (timestamp > second + MAX_CLOCK_SKEW) {
    throw new CredentialError('expired', 'The token is stamped more than 60 seconds ahead of the clock', {
      hint: 'Compare the clocks of the two machines.',
    })
  }
}
