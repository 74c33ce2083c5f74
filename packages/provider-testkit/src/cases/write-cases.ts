import { equal, rejects } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { expectValue } from './read-cases.ts'
import { unusualKeys, unusualValues } from './samples.ts'

const concurrentWrites = 20

/** What `setSecret` and `deleteSecret` do, where a provider has them. */
export function writeCases({ holding }: ConformanceHarness): readonly ConformanceCase[] {
  const writing = (title: string, run: (provider: SecretProvider) => Promise<void>): ConformanceCase => ({
    title,
    run: () => withProvider(holding, { FIRST_KEY: 'first', SECOND_KEY: 'second' }, run),
  })
  return [
    writing('reads back what it stored, and leaves other keys alone', expectStored),
    writing('stores unusual values and keys so that they read back the same', expectUnusualStored),
    writing('shows a write to a reader that holds an earlier document', expectFreshDocument),
    writing('refuses to store what is not a string', expectStringsOnly),
    writing(`keeps all of ${concurrentWrites} writes made at once`, expectConcurrentWrites),
    writing('removes a key, and leaves other keys alone', expectRemoved),
    writing('answers true when the key to remove is not there', expectAbsentRemoved),
  ]
}

async function expectStored(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret) return
  await provider.setSecret('FIRST_KEY', 'changed', calmContext())
  await provider.setSecret('THIRD_KEY', 'third', calmContext())

  await expectValue(provider, 'FIRST_KEY', 'changed')
  await expectValue(provider, 'SECOND_KEY', 'second')
  await expectValue(provider, 'THIRD_KEY', 'third')
}

async function expectUnusualStored(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret) return
  for (const [index, key] of unusualKeys.entries()) await provider.setSecret(key, `stored-${index}`, calmContext())
  for (const [index, value] of unusualValues.entries()) await provider.setSecret(`KEY_${index}`, value, calmContext())

  for (const [index, key] of unusualKeys.entries()) await expectValue(provider, key, `stored-${index}`)
  for (const [index, value] of unusualValues.entries()) await expectValue(provider, `KEY_${index}`, value)
}

async function expectFreshDocument(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret || !provider.readDocument) return
  const known = await provider.readDocument({}, calmContext())
  await provider.setSecret('FIRST_KEY', 'other', calmContext())
  const fresh = await provider.readDocument({ known }, calmContext())

  equal(
    fresh?.values.get('FIRST_KEY'),
    'other',
    'readDocument gave the earlier document back although a key had changed',
  )
}

async function expectStringsOnly(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret) return
  // What a caller without types may hand in.
  const notString = 42 as unknown as string

  await rejects(
    async () => provider.setSecret?.('FIRST_KEY', notString, calmContext()),
    (error: unknown) => error instanceof TypeError || (SecretError.isInstance(error) && error.kind === 'invalid'),
    "setSecret must refuse a number with a TypeError or a SecretError of kind 'invalid'",
  )
  await expectValue(provider, 'FIRST_KEY', 'first')
}

async function expectConcurrentWrites(provider: SecretProvider): Promise<void> {
  if (!provider.setSecret) return
  const indexes = Array.from({ length: concurrentWrites }, (_, index) => index)
  await Promise.all(indexes.map(async index => provider.setSecret?.(`KEY_${index}`, `value-${index}`, calmContext())))

  for (const index of indexes) await expectValue(provider, `KEY_${index}`, `value-${index}`)
}

async function expectRemoved(provider: SecretProvider): Promise<void> {
  if (!provider.deleteSecret) return
  const removed: unknown = await provider.deleteSecret('FIRST_KEY', calmContext())

  equal(removed, true, 'deleteSecret must answer true when the key is absent afterwards')
  await expectValue(provider, 'FIRST_KEY', undefined)
  await expectValue(provider, 'SECOND_KEY', 'second')
}

async function expectAbsentRemoved(provider: SecretProvider): Promise<void> {
  if (!provider.deleteSecret) return
  const removed: unknown = await provider.deleteSecret('ABSENT_KEY', calmContext())

  equal(removed, true, 'deleteSecret must answer true when the key is absent afterwards')
  await expectValue(provider, 'FIRST_KEY', 'first')
}
