// Who takes part in the comparison of kept secrets, and what each is measured against.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'

const ttl = 300

/**
 * @typedef {object} Source
 * @property {Readonly<Record<string, string>>} secrets
 * @property {() => void} onCall Told of each call of the source.
 *
 * @typedef {object} Reader
 * @property {string[]} libraries What to import: a name, or `ours` and `cache` for the packages that are measured.
 * @property {(libraries: any[], source: Source) => any} create
 * @property {string} read Source of an expression over `reader` and `key`: the value, awaited where that is needed.
 * @property {string} [prepare] The same, for what is to be done before a value is kept.
 */

/** What nobody can go below. */
export const floors = {
  'await on a resolved promise around Map.get': {
    libraries: [],
    create: (_, { secrets }) => new Map(Object.entries(secrets)),
    read: 'await Promise.resolve(reader.get(key))',
  },
  'TTLCache.get': {
    libraries: ['cache'],
    create: ([{ TTLCache }], { secrets }) => {
      const cache = new TTLCache({ defaultTtl: ttl })
      for (const [key, value] of Object.entries(secrets)) cache.set(key, value)
      return cache
    },
    read: 'reader.get(key)',
  },
}

/** @type {Record<string, Reader & { floor: keyof typeof floors }>} */
export const readers = {
  'st get': {
    libraries: ['ours'],
    create: makeManager,
    read: 'await reader.get(key)',
    floor: 'await on a resolved promise around Map.get',
  },
  'st require': {
    libraries: ['ours'],
    create: makeManager,
    read: 'await reader.require(key)',
    floor: 'await on a resolved promise around Map.get',
  },
  'st getSync': {
    libraries: ['ours'],
    create: makeManager,
    prepare: 'await reader.get(key)',
    read: 'reader.getSync(key)',
    floor: 'TTLCache.get',
  },
  'powertools get': {
    libraries: ['@aws-lambda-powertools/parameters/secrets', '@aws-sdk/client-secrets-manager'],
    create: makeSecretsProvider,
    read: `await reader.get(key, { maxAge: ${ttl} })`,
    floor: 'await on a resolved promise around Map.get',
  },
}

/** One provider, which has to be waited for. */
function makeManager([{ SecretsManager }], { secrets, onCall }) {
  const provider = {
    name: 'memory',
    isAvailable: () => true,
    async getSecret(key) {
      onCall()
      await turnOfTheLoop()
      return secrets[key]
    },
  }
  return new SecretsManager({ providers: [provider], policy: { cache: { ttl }, concurrency: 100 } })
}

/** A client of the AWS SDK that answers by itself. */
function makeSecretsProvider([{ SecretsProvider }, { SecretsManagerClient }], { secrets, onCall }) {
  class Client extends SecretsManagerClient {
    async send({ input }) {
      onCall()
      await turnOfTheLoop()
      return { SecretString: secrets[input.SecretId] }
    }
  }
  return new SecretsProvider({ awsSdkV3Client: new Client({ region: 'us-west-2' }) })
}
