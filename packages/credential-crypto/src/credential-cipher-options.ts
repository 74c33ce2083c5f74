import type { InsecurePermissions } from './key-file.ts'

/** Where a key comes from: a secret in memory, or the path of a file that holds one. */
export type CredentialKeySource =
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

/** Options of {@link createCredentialCipher}. */
export interface CredentialCipherOptions {
  /**
   * The first encrypts, all decrypt. Default: `SIMPLETUNER_CREDENTIAL_KEY`, else `~/.simpletuner/credential.key`, else a
   * key that is generated and saved there.
   */
  readonly keys?: readonly CredentialKeySource[] | undefined
  /** Whether to refuse tokens that Python reads but does not write: white space, junk, odd padding. Default: `false`. */
  readonly strict?: boolean | undefined
  /**
   * Whether to go on with a key in memory where none can be saved; what it encrypts is lost when the process ends. Told
   * as a process warning, `ST_CRYPTO_EPHEMERAL_KEY`. Means nothing together with `keys`. Default: `false`.
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
  /** `undefined` stands for the default key; never empty. */
  readonly keys: readonly CredentialKeySource[] | undefined
  readonly isStrict: boolean
  readonly isEphemeral: boolean
  readonly insecurePermissions: InsecurePermissions
}

const OPTION_NAMES = ['keys', 'strict', 'ephemeral', 'insecurePermissions']

/**
 * Fills in the defaults. Refuses what it does not know: an option that goes unheard could be one that was to make things
 * safer, and a key that is `undefined` an unset variable.
 */
export function checkedOptions(options: CredentialCipherOptions): CheckedOptions {
  const { keys, strict = false, ephemeral = false, insecurePermissions = 'error' } = options
  const unknown = Object.keys(options).find(name => !OPTION_NAMES.includes(name))
  if (unknown !== undefined) throw new TypeError(`createCredentialCipher has no option '${unknown}'`)
  if (insecurePermissions !== 'error' && insecurePermissions !== 'warn') {
    throw new TypeError("insecurePermissions must be 'error' or 'warn'")
  }
  if (keys !== undefined) requireSources(keys)
  return { keys, isStrict: strict, isEphemeral: ephemeral, insecurePermissions }
}

function requireSources(keys: readonly CredentialKeySource[]): void {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('keys must be an array of at least one key')
  for (const [index, { secret, keyFile }] of keys.entries()) {
    const given = [secret, keyFile].filter(value => value !== undefined)
    if (given.length !== 1 || typeof given[0] !== 'string') {
      throw new TypeError(`keys[${index}] must hold either secret or keyFile, as a string`)
    }
  }
}
