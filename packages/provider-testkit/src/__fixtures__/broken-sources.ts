import { SecretError } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { exemplaryProvider, type WholeProvider } from './exemplary-provider.ts'

/** The credential that the suite is told about. */
export const token = 'kit-token-71aa'

type Secrets = Readonly<Record<string, string>>

/** The exemplary provider with some members replaced. */
function mutant(change: (original: WholeProvider, secrets: Secrets) => object): ProviderSource {
  return secrets => {
    const original = exemplaryProvider(secrets)
    return { ...original, ...change(original, secrets) }
  }
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

/** Stores something else than what it was given. */
function storing(change: (value: string) => string): ProviderSource {
  return mutant(({ setSecret }) => ({
    setSecret: (...[key, value, context]: Parameters<WholeProvider['setSecret']>) =>
      setSecret(key, change(value), context),
  }))
}

function flat(key: string): string {
  return key.replaceAll(/[-.]/g, '_').replace('with_dot', 'with_dash')
}

/** Flaws in what a provider is, each with the case that must notice. */
const identityFlaws: Readonly<Record<string, readonly [broken: ProviderSource, failingCase: string]>> = {
  'has an empty name': [mutant(() => ({ name: '' })), 'has a name that is not empty and does not change'],
  'has another name after a read': [
    secrets => {
      const provider = { ...exemplaryProvider(secrets) }
      const { getSecret } = provider
      return Object.assign(provider, {
        getSecret: (...read: Parameters<WholeProvider['getSecret']>) => {
          Object.assign(provider, { name: 'renamed' })
          return getSecret(...read)
        },
      })
    },
    'has a name that is not empty and does not change',
  ],
  'answers isAvailable with a promise': [
    mutant(() => ({ isAvailable: async () => true })),
    'says at once whether it is available',
  ],
  'says unavailable although it answers': [
    mutant(() => ({ isAvailable: () => false })),
    'says at once whether it is available',
  ],
  'keeps its secrets in a public field': [
    mutant((_original, secrets) => ({ secrets })),
    'shows no secret and no credential when it is printed',
  ],
  'keeps its token in a public field': [
    mutant(() => ({ token })),
    'shows no secret and no credential when it is printed',
  ],
  'describes itself by its token': [
    mutant(() => ({ describe: () => ({ token }) })),
    'shows no secret and no credential when it is printed',
  ],
  'throws when it is closed again': [
    mutant(() => {
      let closed = false
      return {
        close: async () => {
          if (closed) throw new Error('already closed')
          closed = true
        },
      }
    }),
    'may be closed twice',
  ],
}

const readFlaws: typeof identityFlaws = {
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

const agreementFlaws: typeof identityFlaws = {
  'finds inherited members when it reads synchronously': [
    mutant((_original, secrets) => ({ getSecretSync: (key: string) => secrets[key] })),
    'answers through getSecretSync, where present, what getSecret answers',
  ],
  'makes up an answer in readSecret': [
    mutant(({ getSecretSync }) => ({
      readSecret: async ({ key }: { readonly key: string }) => ({ value: getSecretSync(key) ?? 'made up' }),
    })),
    'answers through readSecret, where present, what getSecret answers',
  ],
  'leaves keys out of its document': [
    mutant(() => ({ readDocument: async () => ({ values: new Map() }) })),
    'answers through readDocument, where present, what getSecret answers',
  ],
  'makes up keys in its synchronous document': [
    mutant((_original, secrets) => ({
      readDocumentSync: () => ({ values: new Map([...Object.entries(secrets), ['ABSENT_KEY', 'made up']]) }),
    })),
    'answers through readDocumentSync, where present, what getSecret answers',
  ],
  'answers undefined when given its earlier document': [
    mutant(({ readDocumentSync }) => ({
      readDocument: async ({ known }: { readonly known?: object }) => (known ? undefined : readDocumentSync({})),
    })),
    'answers every key from one document, also when given the document it made before',
  ],
  'lists keys that it does not hold': [
    mutant(() => ({
      async *listKeys() {
        yield* ['KEY_A', 'KEY_C']
      },
    })),
    'lists every key, where it lists keys',
  ],
}

const writeFlaws: typeof identityFlaws = {
  'forgets what it stores': [
    mutant(() => ({ setSecret: async () => {} })),
    'reads back what it stored, and leaves other keys alone',
  ],
  'replaces everything by what it stores': [
    mutant(({ setSecret, deleteSecret }) => ({
      setSecret: async (...[key, value, context]: Parameters<WholeProvider['setSecret']>) => {
        await deleteSecret('SECOND_KEY', context)
        await setSecret(key, value, context)
      },
    })),
    'reads back what it stored, and leaves other keys alone',
  ],
  'stores without escaping': [
    storing(value => value.replaceAll('"', '')),
    'stores unusual values and keys so that they read back the same',
  ],
  'gives its earlier document back after a write': [
    mutant(({ readDocumentSync }) => ({
      readDocument: async ({ known }: { readonly known?: object }) => known ?? readDocumentSync({}),
    })),
    'shows a write to a reader that holds an earlier document',
  ],
  'stores numbers as text': [storing(value => [value].join()), 'refuses to store what is not a string'],
  'loses writes made at once': [
    mutant(({ setSecret }) => {
      let busy = false
      return {
        setSecret: async (...write: Parameters<WholeProvider['setSecret']>) => {
          if (busy) return
          busy = true
          await setSecret(...write)
          busy = false
        },
      }
    }),
    'keeps all of 20 writes made at once',
  ],
  'removes nothing': [mutant(() => ({ deleteSecret: async () => true })), 'removes a key, and leaves other keys alone'],
  'answers false for a key that is already absent': [
    mutant(({ deleteSecret }, secrets) => ({
      deleteSecret: async (...[key, context]: Parameters<WholeProvider['deleteSecret']>) =>
        (await deleteSecret(key, context)) && Object.hasOwn(secrets, key),
    })),
    'answers true when the key to remove is not there',
  ],
}

/** Sources of providers that break the contract in one way each, with the title of the case that must fail. */
export const brokenSources: typeof identityFlaws = {
  ...identityFlaws,
  ...readFlaws,
  ...agreementFlaws,
  ...writeFlaws,
}
