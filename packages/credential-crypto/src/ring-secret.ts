import type { CheckedOptions, CredentialKeySource } from './credential-cipher-options.ts'
import { CredentialError } from './credential-error.ts'
import { defaultSecret } from './default-secret.ts'
import { readKeyFile } from './key-file.ts'
import { keySalt } from './key-salt.ts'
import { isRandomSecret } from './random-secret.ts'
import type { RingSecret } from './ring-key.ts'
import type { CredentialKdf } from './st2-key.ts'
import { undamagedSecret } from './undamaged-secret.ts'

/**
 * Gets the secret of a key and decides how it is derived.
 *
 * @param name - What the key is called in messages.
 * @throws {@link CredentialError} `key_refused`.
 */
export async function ringSecret(
  source: CredentialKeySource,
  options: CheckedOptions,
  name: string,
): Promise<RingSecret> {
  const salt = keySalt(source.salt, name)
  const secret = await secretOf(source, options)
  // The empty secret is there to read v1 tokens of SimpleTuner, and nothing else was ever encrypted with it.
  const kdf = secret === '' ? undefined : (source.kdf ?? kdfFor(secret, salt))
  if (kdf !== undefined && kdf !== 'hkdf-sha256' && salt.length === 0) throw saltMissing(name)
  return { secret, kdf, salt }
}

/** `key_refused` for a passphrase that is to encrypt in the form `st2` and has no salt. */
export function saltMissing(name: string): CredentialError {
  return new CredentialError('key_refused', `The passphrase of ${name} has no salt, which st2 tokens need`, {
    detail: 'salt_missing',
    hint:
      'Use a random key instead (openssl rand -base64 32), or give the passphrase a `salt`: the one of its tokens, or for ' +
      'a new installation the output of openssl rand -base64 16.',
  })
}

async function secretOf(source: CredentialKeySource, options: CheckedOptions): Promise<string> {
  const isEmptyAllowed = source.allowEmptyKey === true
  if (source.keyFile !== undefined) return readKeyFile(source.keyFile, options.insecurePermissions, isEmptyAllowed)
  if (source.secret === undefined) return defaultSecret(options)
  return source.secret === '' && isEmptyAllowed ? '' : undamagedSecret(source.secret, 'secret')
}

function kdfFor(secret: string, salt: Buffer): CredentialKdf | undefined {
  if (isRandomSecret(secret)) return 'hkdf-sha256'
  return salt.length === 0 ? undefined : 'pbkdf2-sha256'
}
