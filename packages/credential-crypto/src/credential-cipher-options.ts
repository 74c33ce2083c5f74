import type { InsecurePermissions } from './key-file.ts'
import type { CredentialFormat } from './key-ring-cipher.ts'
import { FINGERPRINT } from './key-fingerprint.ts'
import { KDFS } from './st2-key.ts'
import type { CredentialKdf } from './st2-key.ts'

/** How a key is derived from its secret. */
export interface CredentialKeyDerivation {
  /**
   * At least 16 random bytes as base64, which a passphrase needs for `st2` tokens: `openssl rand -base64 16`, once for
   * each installation. Not secret. Keep it with the configuration; it also stands in every token that its key makes.
   * v1 has a salt of its own. Default: none.
   */
  readonly salt?: string | undefined
  /**
   * How the key of `st2` tokens is derived. Default: `'hkdf-sha256'` for a secret in the form of 32 random bytes (base64,
   * or 64 hexadecimal digits), else `'pbkdf2-sha256'` where there is a `salt`; a passphrase without one has a v1 key only.
   */
  readonly kdf?: CredentialKdf | undefined
  /**
   * Whether the secret may be empty, only to decrypt what SimpleTuner encrypted with a blank key file. Anybody can compute
   * that key, so it is never the first one. Default: `false`.
   */
  readonly allowEmptyKey?: boolean | undefined
}

/**
 * Where a key comes from: a secret in memory, or the path of a file that holds one. With neither it is the key that
 * SimpleTuner uses: `SIMPLETUNER_CREDENTIAL_KEY`, else `~/.simpletuner/credential.key`, else a key that is generated and
 * saved there. A member that is there and `undefined` is refused, as an unset variable.
 */
export type CredentialKeySource = CredentialKeyDerivation &
  (
    | {
        /** Any text but the empty one; used as it is, not trimmed. */
        readonly secret: string
        /** Not together with `secret`. */
        readonly keyFile?: undefined
      }
    | {
        /** Path of a text file in UTF-8, read as SimpleTuner reads its own. It must exist: it is never created. */
        readonly keyFile: string
        /** Not together with `keyFile`. */
        readonly secret?: undefined
      }
    | {
        /** Absent, as `keyFile` is. */
        readonly secret?: never
        /** Absent, as `secret` is. */
        readonly keyFile?: never
      }
  )

/** Options of {@link createCredentialCipher}. */
export interface CredentialCipherOptions {
  /** The first encrypts, all decrypt. Default: the key that SimpleTuner uses. */
  readonly keys?: readonly CredentialKeySource[] | undefined
  /**
   * In which form to write: `'v1'`, which SimpleTuner reads, or `'st2'`, which is stronger and bound to its context. Both
   * are read in any case. Default: `'v1'`.
   */
  readonly format?: 'v1' | 'st2' | undefined
  /**
   * `keyFingerprint` of the cipher that encrypted the data, where it was stored beside them: refused with `key_mismatch`
   * unless one of `keys` has it, in either form. Default: not checked.
   */
  readonly expectedFingerprint?: string | undefined
  /**
   * Whether to refuse v1 tokens that Python reads but does not write: white space, junk, odd padding. `st2` tokens are
   * always read so. Default: `false`.
   */
  readonly strict?: boolean | undefined
  /**
   * Whether to go on with a key in memory where none can be saved; what it encrypts is lost when the process ends. Told
   * as a process warning, `ST_CRYPTO_EPHEMERAL_KEY`. Means nothing for keys that are named. Default: `false`.
   */
  readonly ephemeral?: boolean | undefined
  /**
   * What to do about a key file that its group or others can get at, or that belongs to somebody else: refuse it
   * (`'error'`), or use it and tell by a process warning, `ST_CRYPTO_INSECURE_KEY_FILE` (`'warn'`). Not looked at on
   * Windows, where files have no such modes. Default: `'error'`.
   */
  readonly insecurePermissions?: 'error' | 'warn' | undefined
}

/** Options with defaults in place. */
export interface CheckedOptions {
  /** At least one. */
  readonly keys: readonly CredentialKeySource[]
  readonly format: CredentialFormat
  readonly expectedFingerprint: string | undefined
  readonly isStrict: boolean
  readonly isEphemeral: boolean
  readonly insecurePermissions: InsecurePermissions
}

const OPTION_NAMES = ['keys', 'format', 'expectedFingerprint', 'strict', 'ephemeral', 'insecurePermissions']
const SOURCE_NAMES = ['secret', 'keyFile', 'salt', 'kdf', 'allowEmptyKey']

/**
 * Fills in the defaults. Refuses what it does not know: an option that goes unheard could be one that was to make things
 * safer, and a key that is `undefined` an unset variable.
 */
export function checkedOptions(options: CredentialCipherOptions): CheckedOptions {
  const { keys = [{}], format = 'v1', expectedFingerprint, strict = false, ephemeral = false } = options
  const { insecurePermissions = 'error' } = options
  const unknown = Object.keys(options).find(name => !OPTION_NAMES.includes(name))
  if (unknown !== undefined) throw new TypeError(`createCredentialCipher has no option '${unknown}'`)
  requireOneOf('insecurePermissions', insecurePermissions, ['error', 'warn'])
  requireOneOf('format', format, ['v1', 'st2'])
  requireFingerprint(expectedFingerprint)
  requireSources(keys)
  return { keys, format, expectedFingerprint, isStrict: strict, isEphemeral: ephemeral, insecurePermissions }
}

function requireOneOf(name: string, value: unknown, choices: readonly unknown[]): void {
  if (!choices.includes(value)) {
    throw new TypeError(`${name} must be ${choices.map(choice => `'${String(choice)}'`).join(' or ')}`)
  }
}

function requireFingerprint(value: unknown): void {
  if (value === undefined || (typeof value === 'string' && FINGERPRINT.test(value))) return
  throw new TypeError('expectedFingerprint must be the keyFingerprint of a cipher: 16 hexadecimal digits')
}

function requireSources(keys: readonly CredentialKeySource[]): void {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('keys must be an array of at least one key')
  for (const [index, source] of keys.entries()) requireSource(source, `keys[${index}]`)
  if (keys[0]?.allowEmptyKey === true) {
    throw new TypeError('keys[0] cannot have allowEmptyKey: nothing is encrypted with a key that anybody can compute')
  }
}

function requireSource(source: CredentialKeySource, name: string): void {
  if (typeof source !== 'object' || source === null) throw new TypeError(`${name} must be an object`)
  const unknown = Object.keys(source).find(member => !SOURCE_NAMES.includes(member))
  if (unknown !== undefined) throw new TypeError(`${name} has a member '${unknown}', which no key has`)
  requireOrigin(source, name)
  if (source.salt !== undefined && typeof source.salt !== 'string') throw new TypeError(`${name}.salt must be a string`)
  if (source.kdf !== undefined) requireOneOf(`${name}.kdf`, source.kdf, KDFS)
}

function requireOrigin(source: CredentialKeySource, name: string): void {
  const isDefault = !('secret' in source) && !('keyFile' in source)
  const given = [source.secret, source.keyFile].filter(value => value !== undefined)
  if (!isDefault && (given.length !== 1 || typeof given[0] !== 'string')) {
    throw new TypeError(`${name} must hold either secret or keyFile, as a string, or neither of them`)
  }
}
