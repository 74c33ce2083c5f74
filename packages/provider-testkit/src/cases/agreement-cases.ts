import { deepEqual, equal, ok } from 'node:assert/strict'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, shown, withProvider } from './provider-under-test.ts'
import { readingWays } from './reading-ways.ts'
import { unusualSecrets } from './samples.ts'

const twoSecrets: ReadonlyMap<string, string> = new Map([
  ['KEY_A', 'a'],
  ['KEY_B', 'b'],
])
const waysToRead = ['getSecretSync', 'readSecret', 'readSecrets', 'readDocument', 'readDocumentSync'] as const

/** The optional ways to read say the same as `getSecret`. */
export function agreementCases({ holding }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    ...waysToRead.map(name => ({
      title: `answers through ${name}, where present, what getSecret answers`,
      run: () =>
        withProvider(holding, { ...unusualSecrets(), EMPTY_KEY: '' }, provider => expectAgreement(provider, name)),
    })),
    {
      title: 'answers every key from one document, also when given the document it made before',
      run: () => withProvider(holding, Object.fromEntries(twoSecrets), expectWholeDocuments),
    },
    {
      title: 'lists every key, where it lists keys',
      run: () =>
        withProvider(holding, Object.fromEntries(twoSecrets), async provider => {
          if (!provider.listKeys) return
          const keys: string[] = []
          for await (const key of provider.listKeys(calmContext())) keys.push(key)

          deepEqual(keys.toSorted(), ['KEY_A', 'KEY_B'], 'listKeys must name exactly the keys that the source holds')
        }),
    },
  ]
}

async function expectAgreement(provider: SecretProvider, name: (typeof waysToRead)[number]): Promise<void> {
  const way = readingWays(provider).find(candidate => candidate.name === name)
  if (!way) return
  for (const key of [...Object.keys(unusualSecrets()), 'EMPTY_KEY', 'ABSENT_KEY', 'valueOf']) {
    // An empty value counts as missing, so that a provider may say it either way.
    const expected = (await provider.getSecret(key, calmContext())) ?? ''
    const answer: string = (await way.read(key, calmContext())) ?? ''

    equal(answer, expected, `${name} and getSecret disagree about ${shown(key)}`)
  }
}

async function expectWholeDocuments(provider: SecretProvider): Promise<void> {
  if (!provider.readDocument) return
  const document = await provider.readDocument({}, calmContext())
  const again = await provider.readDocument({ known: document }, calmContext())

  for (const read of [document, again]) {
    ok(read?.values instanceof Map, 'the values of a document must be a Map')
    deepEqual(new Map(read.values), twoSecrets, 'a document must hold every key of the source')
  }
}
