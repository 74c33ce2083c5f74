import { openAesGcm, SEAL_BYTES, sealAesGcm } from './aes-gcm.ts'
import { decodedBytes, decodeUnpaddedBase64Url } from './base64-url.ts'
import { contextText } from './credential-context.ts'
import type { CredentialContext } from './credential-context.ts'
import { CredentialError } from './credential-error.ts'
import { scratchMemory } from './scratch-memory.ts'
import type { St2Key } from './st2-key.ts'

/** Begins with what no base64 holds, so that no token of the other form begins like this. */
const PREFIX = 'st2.'
const LATER_PREFIX = /^st\d+\./

/** Fingerprint and, where there is one, salt. */
const HEADER = /^st2\.[0-9a-f]{16}(?:\.[\w-]{22,86})?$/

/** A token that has been decrypted. */
export interface OpenedSt2 {
  /** Whoever asked wipes it. */
  readonly payload: Buffer
  /** Whether the first key made the token. */
  readonly isCurrent: boolean
}

interface ParsedSt2 {
  readonly key: St2Key
  readonly sealed: Buffer
}

/**
 * Reads and writes the form `st2.<key>.<sealed>` (AES-256-GCM), with the keys that have it. There is one spelling of a
 * token. Its text up to the last dot and the context are authenticated together with the payload.
 */
export class St2Ring {
  readonly #first: St2Key | undefined
  readonly #keys: ReadonlyMap<string, St2Key>

  /**
   * @param first - The key that encrypts; `undefined` where nothing is to be written in this form.
   * @param keys - Those that decrypt.
   */
  constructor(first: St2Key | undefined, keys: readonly St2Key[]) {
    this.#first = first
    this.#keys = new Map(keys.map(key => [key.header, key]))
  }

  seal(payload: string | Uint8Array, context: CredentialContext | undefined): string {
    const key = this.#first
    if (key === undefined) throw new TypeError('This ring has no key for st2 tokens')
    const sealed = sealAesGcm(payload, key.key, { additionalData: additionalData(key, context) })
    return `${key.header}.${sealed.toString('base64url')}`
  }

  open(token: string, context: CredentialContext | undefined): OpenedSt2 {
    const { key, sealed } = this.#parse(token)
    return { payload: openAesGcm(sealed, key.key, additionalData(key, context)), isCurrent: key === this.#first }
  }

  /** Whether the first key claims to have made the token. That is not verified, which would need the context. */
  isCurrent(token: string): boolean {
    return this.#parse(token).key === this.#first
  }

  #parse(token: string): ParsedSt2 {
    const end = token.lastIndexOf('.')
    const header = token.slice(0, end)
    const text = token.slice(end + 1)
    const sealed = decodeUnpaddedBase64Url(text, scratchMemory(decodedBytes(text)))
    const key = this.#keys.get(header)
    if (sealed === undefined || sealed.length < SEAL_BYTES) throw malformed()
    if (key === undefined) throw HEADER.test(header) ? unknownKey() : malformed()
    return { key, sealed }
  }
}

/**
 * Whether a token is to be read by {@link St2Ring}.
 *
 * @throws {@link CredentialError} `unsupported_version` for a later form of this package.
 */
export function isSt2(token: string): boolean {
  if (!token.startsWith('st')) return false
  if (token.startsWith(PREFIX)) return true
  if (LATER_PREFIX.test(token)) {
    throw new CredentialError('unsupported_version', 'The token is in a form that this version does not read', {
      hint: 'A later version of @st/credential-crypto may have written it.',
    })
  }
  return false
}

function additionalData(key: St2Key, context: CredentialContext | undefined): Buffer {
  return Buffer.from(`${key.header}.${contextText(context)}`, 'utf8')
}

function malformed(): CredentialError {
  return new CredentialError('malformed', 'The token is malformed: it begins with "st2." and does not go on so', {
    hint: 'It may have been cut off or changed.',
  })
}

function unknownKey(): CredentialError {
  return new CredentialError('unknown_key', 'The token was made by a key that this cipher does not have', {
    hint:
      'Behind "st2." the token names its key by 16 digits, and behind those its salt, if any: put that key, with that ' +
      '`salt`, into `keys`.',
  })
}
