import { SecretError } from '@st/secrets-core/provider'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { token } from './broken-sources.ts'
import { failingProvider } from './exemplary-provider.ts'

const typed = 'getSecret rejects with a SecretError of kind'
const alike = 'every other way to read fails alike'
const silent = 'the error shows no secret and no credential'

/** Ways to answer for a broken source that no fault allows, with how the titles of the cases that must fail begin. */
export const brokenFailures: Readonly<Record<string, readonly [ProviderSource, failingCases: readonly string[]]>> = {
  'swallows the failure': [() => swallowing(), [typed, alike, silent]],
  'rejects with a raw error': [rejectingWith(() => new Error('ECONNRESET')), [typed, alike]],
  'rejects with another kind': [rejectingWith(() => refused('internal')), [typed, alike]],
  'does not say which provider failed': [rejectingWith(() => new SecretError('unavailable', 'no')), [typed, alike]],
  'throws instead of rejecting': [
    () =>
      failingProvider(() => {
        throw refused('unavailable')
      }),
    [typed, alike, silent],
  ],
  'never settles': [() => failingProvider(() => new Promise(() => {})), [typed, alike, silent]],
  'leaks a secret in the message': [
    rejectingWith(secrets => new Error(`cannot parse ${secrets['HELD_KEY']}`)),
    [typed, alike, silent],
  ],
  'leaks its token in a cause': [
    rejectingWith(() => Object.assign(refused('unavailable'), { cause: { headers: { authorization: token } } })),
    [typed, alike, silent],
  ],
  'leaks its token in a hidden member': [
    rejectingWith(() => Object.defineProperty(refused('unavailable'), 'request', { value: { token } })),
    [silent],
  ],
}

function swallowing(): SecretProvider {
  return {
    name: 'failing',
    isAvailable: () => true,
    getSecret: async () => undefined,
    readSecret: async () => undefined,
  }
}

function rejectingWith(errorOf: (secrets: Readonly<Record<string, string>>) => Error): ProviderSource {
  return secrets => failingProvider(() => Promise.reject(errorOf(secrets)))
}

function refused(kind: 'internal' | 'unavailable'): SecretError {
  return new SecretError(kind, 'no answer', { provider: 'failing' })
}
