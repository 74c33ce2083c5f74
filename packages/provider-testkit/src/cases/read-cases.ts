import { equal, ok } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, shown, withProvider } from './provider-under-test.ts'
import { recordOf, unusualKeys, unusualSecrets, unusualValues } from './samples.ts'

const concurrentReads = 100

/** What `getSecret` answers. */
export function readCases({ holding }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    {
      title: 'finds a key that the source holds',
      run: () => withProvider(holding, { HELD_KEY: 'held' }, provider => expectValue(provider, 'HELD_KEY', 'held')),
    },
    {
      title: 'answers undefined, not an error, for a key that the source does not hold',
      run: () =>
        withProvider(holding, { HELD_KEY: 'held' }, provider => expectValue(provider, 'ABSENT_KEY', undefined)),
    },
    {
      title: 'answers undefined when the source holds nothing',
      run: () => withProvider(holding, {}, provider => expectValue(provider, 'ABSENT_KEY', undefined)),
    },
    {
      title: 'answers an empty value as empty or as missing',
      run: () =>
        withProvider(holding, { EMPTY_KEY: '', HELD_KEY: 'held' }, async provider => {
          const value = await provider.getSecret('EMPTY_KEY', calmContext())

          ok(value === '' || value === undefined, 'an empty value must be the empty string or undefined')
        }),
    },
    {
      title: 'finds unusual keys and confuses none with another',
      run: () => withProvider(holding, unusualSecrets(), expectUnusualKeys),
    },
    {
      title: 'does not find unusual keys that the source does not hold',
      run: () => withProvider(holding, { HELD_KEY: 'held' }, expectNoUnusualKeys),
    },
    {
      title: 'returns values verbatim',
      run: () =>
        withProvider(
          holding,
          recordOf(unusualValues.map((value, index) => [`KEY_${index}`, value])),
          async provider => {
            for (const [index, value] of unusualValues.entries()) await expectValue(provider, `KEY_${index}`, value)
          },
        ),
    },
    {
      title: `answers ${concurrentReads} reads at once correctly`,
      run: () => withProvider(holding, { KEY_0: 'zero', KEY_1: 'one', KEY_2: 'two' }, expectConcurrentReads),
    },
  ]
}

/** Fails unless `getSecret` answers this. */
export async function expectValue(provider: SecretProvider, key: string, expected: string | undefined): Promise<void> {
  const value: unknown = await provider.getSecret(key, calmContext())

  equal(value, expected, `getSecret(${shown(key)}) answered ${answerText(value)} instead of ${answerText(expected)}`)
}

function answerText(value: unknown): string {
  return typeof value === 'string' ? shown(value) : String(value)
}

async function expectUnusualKeys(provider: SecretProvider): Promise<void> {
  for (const [key, value] of Object.entries(unusualSecrets())) await expectValue(provider, key, value)
}

async function expectNoUnusualKeys(provider: SecretProvider): Promise<void> {
  for (const key of unusualKeys) {
    const answer: unknown = await provider.getSecret(key, calmContext()).catch((error: unknown) => {
      ok(
        SecretError.isInstance(error) && error.kind === 'invalid',
        `getSecret(${shown(key)}) must answer undefined, or refuse the key with a SecretError of kind 'invalid'`,
      )
    })

    equal(answer, undefined, `getSecret(${shown(key)}) answered something that the source does not hold`)
  }
}

async function expectConcurrentReads(provider: SecretProvider): Promise<void> {
  const values = ['zero', 'one', 'two', undefined]

  const answers = await Promise.all(
    Array.from({ length: concurrentReads }, (_, index) => provider.getSecret(`KEY_${index % 4}`, calmContext())),
  )

  for (const [index, answer] of answers.entries()) {
    equal(answer, values[index % 4], `concurrent getSecret("KEY_${index % 4}") answered ${answerText(answer)}`)
  }
}
