import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { authenticationFailed } from './authentication-failed.ts'
import { CredentialError } from './credential-error.ts'
import type { FernetKeys } from './fernet-keys.ts'
import { writeRandomIv } from './random-iv.ts'
import { scratchMemory } from './scratch-memory.ts'

const VERSION = 0x80
const TIMESTAMP_AT = 1
const IV_AT = 9
const CIPHERTEXT_AT = 25
const MAC_BYTES = 32
const BLOCK_BYTES = 16
const ALGORITHM = 'aes-128-cbc'

/** Version, timestamp and IV of the token that is being made: public, and done with before anything else runs. */
const head = Buffer.alloc(CIPHERTEXT_AT, VERSION)
const headIv = head.subarray(IV_AT)

/** What a token is made with besides key and payload. */
export interface FernetSeal {
  /** Seconds since 1970. Default: now. */
  readonly timestamp?: bigint | undefined
  /** 16 bytes that nobody can predict. Given only to reproduce published vectors. Default: random. */
  readonly iv?: Buffer | undefined
}

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

/**
 * Encrypts and signs.
 *
 * @returns The token before base64, in memory that the next call uses again: encode it at once.
 */
export function sealFernetToken(payload: string | Uint8Array, keys: FernetKeys, seal: FernetSeal = {}): Buffer {
  writeHead(seal)
  const cipher = createCipheriv(ALGORITHM, keys.encryption, headIv)
  const started = typeof payload === 'string' ? cipher.update(payload, 'utf8') : cipher.update(payload)
  const ended = cipher.final()
  const length = CIPHERTEXT_AT + started.length + ended.length
  const raw = scratchMemory(length + MAC_BYTES)
  raw.set(head)
  raw.set(started, CIPHERTEXT_AT)
  raw.set(ended, CIPHERTEXT_AT + started.length)
  raw.write(macOf(raw.subarray(0, length), keys), length, 'latin1')
  return raw.subarray(0, length + MAC_BYTES)
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
  return new ParsedToken(raw)
}

/** Whether these keys made the token and nobody changed it since. Compares in constant time. */
export function isAuthentic(token: FernetToken, keys: FernetKeys): boolean {
  return timingSafeEqual(Buffer.from(macOf(token.signed, keys), 'latin1'), token.mac)
}

/**
 * Decrypts a token that {@link isAuthentic} has said yes to. Whoever asked wipes the payload.
 *
 * @throws {@link CredentialError} `authentication_failed`, the same as for a wrong MAC, when the padding is wrong.
 */
export function decryptPayload(token: FernetToken, keys: FernetKeys): Buffer {
  // The padding is taken off here, because `final` would put the last block into a second buffer, to be copied.
  const decipher = createDecipheriv(ALGORITHM, keys.encryption, token.iv).setAutoPadding(false)
  const padded = decipher.update(token.ciphertext)
  const pads = padsOf(padded)
  if (pads === undefined) {
    padded.fill(0)
    throw authenticationFailed()
  }
  return padded.subarray(0, padded.length - pads)
}

/** Makes each part when it is asked for: decrypting needs no timestamp, refusing no ciphertext. */
class ParsedToken implements FernetToken {
  readonly #raw: Buffer

  constructor(raw: Buffer) {
    this.#raw = raw
  }

  get timestamp(): bigint {
    return this.#raw.readBigUInt64BE(TIMESTAMP_AT)
  }

  get iv(): Buffer {
    return this.#raw.subarray(IV_AT, CIPHERTEXT_AT)
  }

  get ciphertext(): Buffer {
    return this.#raw.subarray(CIPHERTEXT_AT, -MAC_BYTES)
  }

  get signed(): Buffer {
    return this.#raw.subarray(0, -MAC_BYTES)
  }

  get mac(): Buffer {
    return this.#raw.subarray(-MAC_BYTES)
  }
}

/** Fills {@link head}. */
function writeHead({ timestamp, iv }: FernetSeal): void {
  if (timestamp === undefined) writeSeconds(Math.floor(Date.now() / 1000))
  else head.writeBigUInt64BE(timestamp, TIMESTAMP_AT)
  if (iv === undefined) writeRandomIv(head, IV_AT)
  else iv.copy(head, IV_AT)
}

/** Less than half the price of a bigint; six bytes reach for nine million years. */
function writeSeconds(seconds: number): void {
  head[TIMESTAMP_AT] = 0
  head[TIMESTAMP_AT + 1] = 0
  head.writeUIntBE(seconds, TIMESTAMP_AT + 2, 6)
}

/** As a string of 32 characters up to U+00FF, which costs two thirds of what a buffer does. */
function macOf(signed: Buffer, keys: FernetKeys): string {
  return createHmac('sha256', keys.signing).update(signed).digest('binary')
}

/**
 * How many bytes of padding PKCS#7 has put behind a payload (RFC 5652 §6.3); `undefined` for wrong padding. Not in
 * constant time: only somebody who has the key gets here.
 */
function padsOf(padded: Buffer): number | undefined {
  const pads = padded.at(-1) ?? 0
  if (pads < 1 || pads > BLOCK_BYTES) return undefined
  for (let index = padded.length - pads; index < padded.length; index += 1) {
    if (padded[index] !== pads) return undefined
  }
  return pads
}
