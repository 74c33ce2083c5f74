import type { ProviderContext, SecretLookup } from '@st/secrets-core/provider'
import { exemplaryProvider } from './exemplary-provider.ts'
import { mutant, type Flaw } from './mutant.ts'

const current = 'gives the current value for the stage current, where it has versions'
const byId = 'gives the current value for the version id that it said it has'
const stages = 'gives nothing, or refuses, where the source has no previous and no pending value'
const unknown = 'gives nothing for a version that does not exist, or refuses'

/** Flaws in what becomes of `version` and `stage`. */
export const brokenVersions: Readonly<Record<string, Flaw>> = {
  'ignores versions and stages': [
    mutant(({ readSecret }) => ({
      readSecret: ({ key }: SecretLookup, context: ProviderContext) => readSecret({ key }, context),
    })),
    stages,
    unknown,
  ],
  'takes an unknown stage for none': [
    mutant(({ readSecret }) => ({
      readSecret: ({ stage, ...lookup }: SecretLookup, context: ProviderContext) =>
        readSecret({ ...lookup, stage: stage === 'previous' ? stage : 'current' }, context),
    })),
    stages,
  ],
  'takes an unknown version for the newest': [
    mutant(({ readDocument }) => ({
      readDocument: async (lookup: SecretLookup, context: ProviderContext) =>
        (await readDocument(lookup, context)) ?? (lookup.version === undefined ? undefined : readDocument({}, context)),
    })),
    unknown,
  ],
  'does not know the stage current': [
    mutant(({ readSecret }) => ({
      readSecret: async (lookup: SecretLookup, context: ProviderContext) =>
        lookup.stage === 'current' ? undefined : readSecret(lookup, context),
    })),
    current,
  ],
  'does not know its own version ids': [
    mutant(({ readDocument }) => ({
      readDocument: async (lookup: SecretLookup, context: ProviderContext) =>
        lookup.version === undefined ? readDocument(lookup, context) : undefined,
    })),
    byId,
  ],
  'throws a raw error for a version that does not exist': [
    mutant(({ readSecret }) => ({
      readSecret: async (lookup: SecretLookup, context: ProviderContext) => {
        if (lookup.version?.startsWith('v') === false) throw new RangeError('no such version')
        return readSecret(lookup, context)
      },
    })),
    unknown,
  ],
  'has versions and nothing to read them with': [
    secrets => {
      const { name, isAvailable, getSecret } = exemplaryProvider(secrets)
      return { name, isAvailable, getSecret, hasVersions: true }
    },
    current,
    byId,
    stages,
    unknown,
  ],
}
