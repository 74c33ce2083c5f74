import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { CredentialError } from './credential-error.ts'
import type { FernetKeys } from './fernet-keys.ts'

const VERSION = 0x80
const TIMESTAMP_AT = 1
const IV_AT = 9
const CIPHERTEXT_AT = 25
const MAC_BYTES = 32
const BLOCK_BYTES = 16
const ALGORITHM = 'aes-128-cbc'

/** What a Fernet token consists of, before base64 (fernet/spec, "Token Format"). Nothing in it is verified yet. */
export interface FernetToken {
  /** Seconds since 1970, 0 to 2^64-1. Not secret: everybody who sees the token can read it. */
  readonly timestamp: bigint
  readonly iv: Buffer
  readonly ciphertext: Buffer
  /** Everything that the MAC covers: all but the MAC. */
  readonly signed: Buffer
  readonly mac: Buffer
}

/** What a token is made with besides key and payload. */
export interface FernetSeal {
  /** Seconds since 1970. Default: now. */
  readonly timestamp?: bigint | undefined
  /** 16 bytes that nobody can predict. Given only to reproduce published vectors. Default: random. */
  readonly iv?: Buffer | undefined
}

/** Encrypts and signs; gives the token before base64. */
export function sealFernetToken(payload: string | Uint8Array, keys: FernetKeys, seal: FernetSeal = {}): Buffer {
  const { timestamp = BigInt(Math.floor(Date.now() / 1000)), iv = randomBytes(BLOCK_BYTES) } = seal
  const head = Buffer.allocUnsafe(CIPHERTEXT_AT)
  head[0] = VERSION
  head.writeBigUInt64BE(timestamp, TIMESTAMP_AT)
  iv.copy(head, IV_AT)
  const cipher = createCipheriv(ALGORITHM, keys.encryption, iv)
  const started = typeof payload === 'string' ? cipher.update(payload, 'utf8') : cipher.update(payload)
  const signed = Buffer.concat([head, started, cipher.final()])
  return Buffer.concat([signed, macOf(signed, keys)])
}

/**
 * Takes a token apart. Checks only what its public shape shows: length and version.
 *
 * @throws {@link CredentialError} `malformed` or `unsupported_version`.
 */
export function parseFernetToken(raw: Buffer): FernetToken {
  const blocks = (raw.length - CIPHERTEXT_AT - MAC_BYTES) / BLOCK_BYTES
  if (blocks < 1 || !Number.isInteger(blocks)) {
    throw new CredentialError('malformed', 'The token is malformed: no token has this length')
  }
  if (raw[0] !== VERSION) {
    throw new CredentialError('unsupported_version', 'The token is of an unknown version, or is no token', {
      hint: 'Versions of Fernet other than 0x80 do not exist; a later version of this package may have written it.',
    })
  }
  return {
    timestamp: raw.readBigUInt64BE(TIMESTAMP_AT),
    iv: raw.subarray(IV_AT, CIPHERTEXT_AT),
    ciphertext: raw.subarray(CIPHERTEXT_AT, -MAC_BYTES),
    signed: raw.subarray(0, -MAC_BYTES),
    mac: raw.subarray(-MAC_BYTES),
  }
}

/** Whether these keys made the token and nobody changed it since. Compares in constant time. */
export function isAuthentic(token: FernetToken, keys: FernetKeys): boolean {
  return timingSafeEqual(macOf(token.signed, keys), token.mac)
}

/**
 * Decrypts a token that {@link isAuthentic} has said yes to. Whoever asked wipes the payload.
 *
 * @throws {@link CredentialError} `authentication_failed`, the same as for a wrong MAC, when the padding is wrong.
 */
export function decryptPayload(token: FernetToken, keys: FernetKeys): Buffer {
  const decipher = createDecipheriv(ALGORITHM, keys.encryption, token.iv)
  const started = decipher.update(token.ciphertext)
  try {
    return Buffer.concat([started, decipher.final()])
  } catch {
    throw authenticationFailed()
  } finally {
    started.fill(0)
  }
}

/** The one answer to every token that is not what the key's owner wrote, whatever is wrong with it. */
export function authenticationFailed(): CredentialError {
  return new CredentialError('authentication_failed', 'The token could not be authenticated: other key, or changed', {
    hint: 'Decrypt with the key that encrypted it. After a change of key keep the old one behind the new one in `keys`.',
  })
}

function macOf(signed: Buffer, keys: FernetKeys): Buffer {
  return createHmac('sha256', keys.signing).update(signed).digest()
}
