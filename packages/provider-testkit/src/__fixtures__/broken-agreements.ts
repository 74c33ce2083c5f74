import { mutant, type Flaw } from './mutant.ts'

/** Flaws in the other ways to read. */
export const brokenAgreements: Readonly<Record<string, Flaw>> = {
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
  'finds inherited members in a batch': [
    mutant((_original, secrets) => ({
      readSecrets: async (keys: readonly string[]) => new Map(keys.map(key => [key, { value: secrets[key] }])),
    })),
    'answers through readSecrets, where present, what getSecret answers',
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
