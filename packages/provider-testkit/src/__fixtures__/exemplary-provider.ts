import type { ProviderDocument, ProviderSecret, SecretProvider, VersionLookup } from '@st/secrets-core/provider'
import type { RotatedSource } from '../conformance-harness.ts'

/** The credential that the suite is told about. */
export const token = 'kit-token-71aa'

type Secrets = Readonly<Record<string, string>>

/** What the source held, the present last. */
type History = ReadonlyMap<string, string>[]

type Members<Names extends keyof SecretProvider> = Required<Pick<SecretProvider, Names>>

/** Keeps the whole contract, with every member, so that a mutant differs from it in one thing. */
export function exemplaryProvider(secrets: Secrets): Required<SecretProvider> {
  return providerOver([secrets])
}

/** The same over a source that has kept what it held before. */
export const exemplaryRotation: RotatedSource = (previous, current) => providerOver([previous, current])

function providerOver(past: readonly Secrets[]): Required<SecretProvider> {
  const history: History = past.map(secrets => new Map(Object.entries(secrets)))
  return {
    name: 'exemplary',
    isAvailable: () => true,
    ...plainReads(history),
    ...versionedReads(history),
    ...writes(history),
    ...reports(history),
    close: async () => {},
  }
}

function plainReads(history: History): Members<'getSecret' | 'getSecretSync' | 'listKeys'> {
  return {
    getSecret: async key => history.at(-1)?.get(key),
    getSecretSync: key => history.at(-1)?.get(key),
    async *listKeys() {
      yield* history.at(-1)?.keys() ?? []
    },
  }
}

const stepsBack = { pending: 0, current: 1, previous: 2 } as const

function versionedReads(
  history: History,
): Members<'hasVersions' | 'readSecret' | 'readSecrets' | 'readDocument' | 'readDocumentSync'> {
  const read = ({ version, stage = 'current' }: VersionLookup): ProviderDocument | undefined => {
    const index = version === undefined ? history.length - stepsBack[stage] : Number(version.replace('v', ''))
    const values = history[index]
    return values && { values: new Map(values), version: `v${index}`, ttl: 60, locator: 'memory' }
  }
  const readKey = (key: string, lookup: VersionLookup): ProviderSecret | undefined => {
    const { values, ...provenance } = read(lookup) ?? {}
    const value = values?.get(key)
    return value === undefined ? undefined : { value, ...provenance }
  }
  return {
    hasVersions: true,
    readSecret: async ({ key, ...lookup }) => readKey(key, lookup),
    readSecrets: async keys => {
      const answers = keys.map(key => [key, readKey(key, {})] as const)
      return new Map(answers.flatMap(([key, answer]) => (answer ? [[key, answer]] : [])))
    },
    readDocument: async lookup => read(lookup),
    readDocumentSync: lookup => read(lookup),
  }
}

function writes(history: History): Members<'setSecret' | 'deleteSecret'> {
  const change = (edit: (secrets: Map<string, string>) => unknown): void => {
    const changed = new Map(history.at(-1))
    edit(changed)
    history.push(changed)
  }
  return {
    setSecret: async (key, value) => {
      if (typeof value !== 'string') throw new TypeError('value must be a string')
      change(secrets => secrets.set(key, value))
    },
    deleteSecret: async key => {
      change(secrets => secrets.delete(key))
      return true
    },
  }
}

function reports(history: History): Members<'attach' | 'checkHealth' | 'describe'> {
  return {
    attach: host => {
      host.protect(token)
      host.report('exemplary.attached', { versions: history.length })
    },
    checkHealth: async () => ({
      status: 'degraded',
      latencyMs: 0,
      findings: [
        { id: 'memory.volatile', severity: 'warning', message: 'Nothing outlives the process.', fix: 'Store a file.' },
        { id: 'memory.versions', severity: 'info', message: `There are ${history.length} versions.` },
      ],
    }),
    describe: () => ({ place: 'memory' }),
  }
}
