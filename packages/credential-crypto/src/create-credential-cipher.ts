import { checkedOptions } from './credential-cipher-options.ts'
import type { CheckedOptions, CredentialCipherOptions } from './credential-cipher-options.ts'
import type { CredentialCipher } from './credential-cipher.ts'
import { CredentialError } from './credential-error.ts'
import { KeyRingCipher } from './key-ring-cipher.ts'
import { ringKey } from './ring-key.ts'
import type { RingKey } from './ring-key.ts'
import { ringSecret, saltMissing } from './ring-secret.ts'

/**
 * Makes a cipher over one or more keys.
 *
 * All keys are derived here, without blocking the event loop and with no more threads than leave file access some.
 * Nothing is shared with other ciphers but a derivation that is under way; a changed variable or key file is seen by the
 * next cipher that is made.
 *
 * @param options - Which keys, in which form to write, and how careful to be. Default: the key that SimpleTuner uses, in
 * its form.
 * @throws {@link CredentialError} `key_refused` when a key cannot be had or must not be used; `key_mismatch` when none is
 * the expected one.
 */
export async function createCredentialCipher(options: CredentialCipherOptions = {}): Promise<CredentialCipher> {
  const checked = checkedOptions(options)
  const ring = await derivedRing(checked)
  const [first, ...others] = ring
  if (first === undefined) throw new TypeError('keys must be an array of at least one key')
  if (checked.format === 'st2' && first.st2 === undefined) throw saltMissing(nameOf(0))
  requireExpected(checked.expectedFingerprint, ring)
  return new KeyRingCipher([first, ...others], checked)
}

async function derivedRing(options: CheckedOptions): Promise<readonly RingKey[]> {
  const secrets = []
  // One after another, so that the first key which cannot be had is the one in the message.
  for (const [index, source] of options.keys.entries()) {
    secrets.push(await ringSecret(source, options, nameOf(index)))
  }
  return Promise.all(secrets.map(ringKey))
}

function nameOf(index: number): string {
  return `keys[${index}]`
}

function requireExpected(expected: string | undefined, ring: readonly RingKey[]): void {
  const held = ring.flatMap(({ fingerprint, st2 }) => [fingerprint, st2?.fingerprint])
  if (expected === undefined || held.includes(expected)) return
  throw new CredentialError('key_mismatch', `None of the keys belongs to the data, which expect key ${expected}`, {
    hint: 'Use the key that encrypted the data, with its `salt` if it has one; after a change of key, behind the new one.',
  })
}
