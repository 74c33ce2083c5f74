import type { ProviderContext } from '@st/secrets-core/provider'
import { mutant, type Flaw } from './mutant.ts'

/** Flaws in `readSecrets`. */
export const brokenBatches: Readonly<Record<string, Flaw>> = {
  'answers no more than 20 keys of a batch': [
    mutant(({ readSecrets }) => ({
      readSecrets: (keys: readonly string[], context: ProviderContext) => readSecrets(keys.slice(0, 20), context),
    })),
    'answers all of 45 keys through one readSecrets, where present',
  ],
  'answers a batch with empty values for what is missing': [
    mutant(({ getSecretSync }) => ({
      readSecrets: async (keys: readonly string[]) =>
        new Map(keys.map(key => [key, { value: getSecretSync(key) ?? '' }])),
    })),
    'leaves out of readSecrets, where present, what the source does not hold',
  ],
}
