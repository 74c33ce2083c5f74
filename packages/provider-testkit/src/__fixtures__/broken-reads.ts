import { SecretError } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { mutant, type Flaw } from './mutant.ts'

/** Flaws in what is read. */
export const brokenReads: Readonly<Record<string, Flaw>> = {
  'finds nothing': [mutant(() => ({ getSecret: async () => undefined })), 'finds a key that the source holds'],
  'rejects for a missing key': [
    mutant(({ getSecretSync }) => ({
      getSecret: async (key: string) => {
        const value = getSecretSync(key)
        if (value === undefined) throw new SecretError('missing', 'no such key', { provider: 'exemplary', key })
        return value
      },
    })),
    'answers undefined, not an error, for a key that the source does not hold',
  ],
  'answers null for a missing key': [
    mutant(({ getSecretSync }) => ({ getSecret: async (key: string) => getSecretSync(key) ?? null })),
    'answers undefined, not an error, for a key that the source does not hold',
  ],
  'fails over an empty source': [
    mutant(({ getSecretSync }, secrets) => ({
      getSecret: async (key: string) => {
        if (Object.keys(secrets).length === 0) throw new SecretError('malformed', 'empty', { provider: 'exemplary' })
        return getSecretSync(key)
      },
    })),
    'answers undefined when the source holds nothing',
  ],
  'answers a blank for an empty value': [
    mangling(value => (value === '' ? ' ' : value)),
    'answers an empty value as empty or as missing',
  ],
  'confuses dots with dashes': [
    mutant((_original, secrets) => ({
      getSecret: async (key: string) => Object.entries(secrets).find(([name]) => flat(name) === flat(key))?.[1],
    })),
    'finds unusual keys and confuses none with another',
  ],
  'reads keys from an object with a prototype': [
    mutant((_original, secrets) => ({ getSecret: async (key: string) => secrets[key] })),
    'does not find unusual keys that the source does not hold',
  ],
  'throws a raw error for an unusual key': [
    mutant(({ getSecretSync }) => ({
      getSecret: async (key: string) => {
        if (key.includes('%')) throw new URIError('URI malformed')
        return getSecretSync(key)
      },
    })),
    'does not find unusual keys that the source does not hold',
  ],
  'throws a raw error for a long key': [
    mutant(({ getSecret }) => ({
      getSecret: async (...read: Parameters<typeof getSecret>) => {
        if (read[0].length > 10_000) throw new RangeError('header overflow')
        return getSecret(...read)
      },
    })),
    'answers or refuses keys that hardly any source can hold',
  ],
  'reads a key up to its first NUL': [
    mutant(({ getSecretSync }) => ({
      getSecretSync: (key: string) => getSecretSync(key.replace(/nul\0.*/, 'HELD_KEY')),
    })),
    'answers or refuses keys that hardly any source can hold',
  ],
  'trims values': [mangling(value => value.trim()), 'returns values verbatim'],
  'parses values': [mangling(value => (/^\d+$/.test(value) ? Number(value) : value)), 'returns values verbatim'],
  'normalises line ends': [mangling(value => value.replaceAll('\r\n', '\n')), 'returns values verbatim'],
  'answers several reads at once with the newest': [
    mutant(({ getSecretSync }) => {
      let newest = ''
      return {
        getSecret: async (key: string) => {
          newest = key
          await Promise.resolve()
          return getSecretSync(newest)
        },
      }
    }),
    'answers 100 reads at once correctly',
  ],
}

/** Changes each value that `getSecret` finds. */
function mangling(mangle: (value: string) => unknown): ProviderSource {
  return mutant(({ getSecretSync }) => ({
    getSecret: async (key: string) => {
      const value = getSecretSync(key)
      return value === undefined ? undefined : mangle(value)
    },
  }))
}

function flat(key: string): string {
  return key.replaceAll(/[-.]/g, '_').replace('with_dot', 'with_dash')
}
