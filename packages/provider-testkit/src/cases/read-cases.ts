import { equal, ok } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, shown, withProvider } from './provider-under-test.ts'
import { allReadingWays } from './reading-ways.ts'
import { extremeKeys, recordOf, unusualKeys, unusualSecrets, unusualValues } from './samples.ts'
import { outcomeOf, type Outcome } from './settling.ts'

const concurrentReads = 100
const threeSecrets = { KEY_0: 'zero', KEY_1: 'one', KEY_2: 'two' }

/** What `getSecret` answers, and the other ways to read where they might answer otherwise. */
export function readCases({ holding }: ConformanceHarness): readonly ConformanceCase[] {
  const reading = (
    title: string,
    secrets: Readonly<Record<string, string>>,
    run: (provider: SecretProvider) => Promise<void>,
  ): ConformanceCase => ({ title, run: () => withProvider(holding, secrets, run) })
  const held = { HELD_KEY: 'held' }
  return [
    reading('finds a key that the source holds', held, provider => expectValue(provider, 'HELD_KEY', 'held')),
    reading('answers undefined, not an error, for a key that the source does not hold', held, provider =>
      expectValue(provider, 'ABSENT_KEY', undefined),
    ),
    reading('answers undefined when the source holds nothing', {}, provider =>
      expectValue(provider, 'ABSENT_KEY', undefined),
    ),
    reading('answers an empty value as empty or as missing', { EMPTY_KEY: '', ...held }, expectEmpty),
    reading('finds unusual keys and confuses none with another', unusualSecrets(), expectUnusualKeys),
    reading('does not find unusual keys that the source does not hold', held, expectNoUnusualKeys),
    reading('answers or refuses keys that hardly any source can hold', held, expectNoExtremeKeys),
    reading('returns values verbatim', unusualValueSecrets(), expectVerbatimValues),
    reading(`answers ${concurrentReads} reads at once correctly`, threeSecrets, expectConcurrentReads),
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

async function expectEmpty(provider: SecretProvider): Promise<void> {
  const value = await provider.getSecret('EMPTY_KEY', calmContext())

  ok(value === '' || value === undefined, 'an empty value must be the empty string or undefined')
}

function unusualValueSecrets(): Readonly<Record<string, string>> {
  return recordOf(unusualValues.map((value, index) => [`KEY_${index}`, value]))
}

async function expectVerbatimValues(provider: SecretProvider): Promise<void> {
  for (const [key, value] of Object.entries(unusualValueSecrets())) await expectValue(provider, key, value)
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

async function expectNoExtremeKeys(provider: SecretProvider): Promise<void> {
  for (const { name, read } of allReadingWays(provider)) {
    for (const key of extremeKeys) {
      const asked = `${name}(${shown(key)})`
      const outcome = await outcomeOf(() => read(key, calmContext()))
      if (outcome.status === 'answered') equal(outcome.answer ?? '', '', `${asked} answered what the source lacks`)
      else ok(isRefusal(outcome, key), `${asked} must answer undefined, or reject with a SecretError`)
    }
  }
}

/** An empty key may also be taken for a mistake of the caller. */
function isRefusal(outcome: Outcome<unknown>, key: string): boolean {
  if (outcome.status !== 'rejected') return false
  return SecretError.isInstance(outcome.error) || (key === '' && outcome.error instanceof TypeError)
}

async function expectConcurrentReads(provider: SecretProvider): Promise<void> {
  // An empty value counts as missing.
  const values = [...Object.values(threeSecrets), '']
  for (const { name, read } of allReadingWays(provider)) {
    const answers = await Promise.all(
      Array.from({ length: concurrentReads }, (_, index) => read(`KEY_${index % 4}`, calmContext())),
    )

    for (const [index, answer] of answers.entries()) {
      equal(answer ?? '', values[index % 4], `concurrent ${name}("KEY_${index % 4}") answered ${answerText(answer)}`)
    }
  }
}
