import { equal, ok } from 'node:assert/strict'
import { SecretError } from '@st/secrets-core/provider'
import type { SecretProvider, VersionLookup } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { outcomeOf } from './settling.ts'

const key = 'HELD_KEY'
const held = { [key]: 'current' }

/** What a version holds for the key, and its id where the provider gives one. */
interface VersionedValue {
  readonly value: string | undefined
  readonly version: string | undefined
}

/** One of the two ways to read a version. */
interface VersionedRead {
  readonly name: string
  readonly read: (lookup: VersionLookup) => Promise<VersionedValue>
}

/** What becomes of `version` and `stage`, where a provider says that it has versions. */
export function versionCases({ holding, rotated }: ConformanceHarness): readonly ConformanceCase[] {
  const versioned = (title: string, run: (way: VersionedRead) => Promise<void>): ConformanceCase => ({
    title,
    run: () => withProvider(holding, held, provider => withEachRead(provider, run)),
  })
  const cases = [
    versioned('gives the current value for the stage current, where it has versions', expectCurrent),
    versioned('gives the current value for the version id that it said it has', expectSameById),
    versioned('gives nothing, or refuses, where the source has no previous and no pending value', async way => {
      for (const stage of ['previous', 'pending'] as const) await expectNoValue(way, { stage })
    }),
    versioned('gives nothing for a version that does not exist, or refuses', way =>
      expectNoValue(way, { version: 'st-no-such-version' }),
    ),
  ]
  if (!rotated) return cases
  const afterRotation: ConformanceCase = {
    title: 'gives the value from before a rotation for the stage previous, where it has versions',
    run: () =>
      withProvider(
        () => rotated({ [key]: 'before' }, held),
        held,
        provider => withEachRead(provider, expectBoth),
      ),
  }
  return [...cases, afterRotation]
}

async function withEachRead(provider: SecretProvider, run: (way: VersionedRead) => Promise<void>): Promise<void> {
  if (provider.hasVersions !== true) return
  ok(
    provider.readSecret !== undefined || provider.readDocument !== undefined,
    'a provider that has versions must have readSecret or readDocument',
  )
  if (provider.readSecret) await run({ name: 'readSecret', read: lookup => readOne(provider, lookup) })
  if (provider.readDocument) await run({ name: 'readDocument', read: lookup => readAll(provider, lookup) })
}

async function readOne(provider: SecretProvider, lookup: VersionLookup): Promise<VersionedValue> {
  const secret = await provider.readSecret?.({ key, ...lookup }, calmContext())
  return { value: secret?.value, version: secret?.version }
}

async function readAll(provider: SecretProvider, lookup: VersionLookup): Promise<VersionedValue> {
  const document = await provider.readDocument?.(lookup, calmContext())
  return { value: document?.values.get(key), version: document?.version }
}

async function expectCurrent({ name, read }: VersionedRead): Promise<void> {
  const { value } = await read({ stage: 'current' })

  equal(value, 'current', `${name} must answer the stage 'current' with the value that it answers without one`)
}

async function expectSameById({ name, read }: VersionedRead): Promise<void> {
  const { version } = await read({})
  if (version === undefined) return
  const { value } = await read({ version })

  equal(value, 'current', `${name} must answer the version that it named with the same value`)
}

async function expectNoValue({ name, read }: VersionedRead, lookup: VersionLookup): Promise<void> {
  const outcome = await outcomeOf(() => read(lookup))

  if (outcome.status === 'answered') {
    equal(outcome.answer.value, undefined, `${name} answered ${JSON.stringify(lookup)} with a value of another version`)
    return
  }
  const isTyped = outcome.status === 'rejected' && SecretError.isInstance(outcome.error)
  ok(isTyped, `${name} must answer ${JSON.stringify(lookup)} with undefined, or reject with a SecretError`)
}

async function expectBoth({ name, read }: VersionedRead): Promise<void> {
  const [previous, current] = [await read({ stage: 'previous' }), await read({})]

  equal(previous.value, 'before', `${name} must answer the stage 'previous' with the value from before the rotation`)
  equal(current.value, 'current', `${name} must answer with the new value after a rotation`)
}
