import type { SecretProvider } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { mutant, type Flaw } from './mutant.ts'

/** Flaws in what is stored and removed. */
export const brokenWrites: Readonly<Record<string, Flaw>> = {
  'forgets what it stores': [
    mutant(() => ({ setSecret: async () => {} })),
    'reads back what it stored, and leaves other keys alone',
  ],
  'replaces everything by what it stores': [
    mutant(({ setSecret, deleteSecret }) => ({
      setSecret: async (...[key, value, context]: Parameters<Required<SecretProvider>['setSecret']>) => {
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
        setSecret: async (...write: Parameters<Required<SecretProvider>['setSecret']>) => {
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
      deleteSecret: async (...[key, context]: Parameters<Required<SecretProvider>['deleteSecret']>) =>
        (await deleteSecret(key, context)) && Object.hasOwn(secrets, key),
    })),
    'answers true when the key to remove is not there',
  ],
}

/** Stores something else than what it was given. */
function storing(change: (value: string) => string): ProviderSource {
  return mutant(({ setSecret }) => ({
    setSecret: (...[key, value, context]: Parameters<Required<SecretProvider>['setSecret']>) =>
      setSecret(key, change(value), context),
  }))
}
