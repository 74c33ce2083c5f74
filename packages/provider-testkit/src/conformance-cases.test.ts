import { describe, expect, it } from 'vitest'
import { brokenFailures } from './__fixtures__/broken-failures.ts'
import { brokenSources, token } from './__fixtures__/broken-sources.ts'
import {
  exemplaryFailure,
  exemplaryProvider,
  failingProvider,
  faults,
  rejectionOnAbort,
} from './__fixtures__/exemplary-provider.ts'
import { conformanceCases } from './conformance-cases.ts'
import type { ConformanceHarness, ProviderFault, ProviderSource } from './conformance-harness.ts'

const obedient: ProviderSource = () => failingProvider(signal => rejectionOnAbort(signal))

/** Titles of the cases that fail. */
async function failuresOf(harness: ConformanceHarness): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(conformanceCases(harness).map(({ run }) => run()))
  return conformanceCases(harness).flatMap(({ title }, index) =>
    outcomes[index]?.status === 'rejected' ? [title] : [],
  )
}

function harnessWithFaults(sourceOf: (fault: ProviderFault | 'unavailable') => ProviderSource): ConformanceHarness {
  const { unavailable, ...faulty } = Object.fromEntries(faults.map(fault => [fault, sourceOf(fault)]))
  return { holding: exemplaryProvider, unavailable, faulty, credentials: [token], patience: 0.3 }
}

describe('conformanceCases', () => {
  it('passes a provider that keeps the contract, with every fault', async () => {
    expect(await failuresOf(harnessWithFaults(exemplaryFailure))).toEqual([])
  })

  it('passes a provider that has only the three required members', async () => {
    const failures = await failuresOf({
      holding: secrets => {
        const { name, isAvailable, getSecret } = exemplaryProvider(secrets)
        return { name, isAvailable, getSecret }
      },
    })

    expect(failures).toEqual([])
  })

  it('gives every case a title of its own', () => {
    const titles = conformanceCases(harnessWithFaults(exemplaryFailure)).map(({ title }) => title)

    expect(new Set(titles).size).toBe(titles.length)
  })

  it('has three cases for each fault that the harness shows, and none for the others', () => {
    const titles = conformanceCases({ holding: exemplaryProvider, faulty: { reset: exemplaryFailure('reset') } })
      .map(({ title }) => title)
      .filter(title => faults.some(fault => title.startsWith(`${fault}:`)))

    expect(titles).toHaveLength(3)
    expect(titles.every(title => title.startsWith('reset:'))).toBe(true)
  })

  it.each(Object.entries(brokenSources))('fails a provider that %s', async (_flaw, [holding, failingCase]) => {
    expect(await failuresOf({ holding, credentials: [token] })).toContain(failingCase)
  })

  it('has no case that all of these providers pass', () => {
    const noticed = new Set(Object.values(brokenSources).map(([, failingCase]) => failingCase))

    const unnoticed = conformanceCases({ holding: exemplaryProvider }).filter(({ title }) => !noticed.has(title))

    expect(unnoticed).toEqual([])
  })

  it.each(Object.entries(brokenFailures))(
    'fails a provider that, over a broken source, %s, whatever the fault',
    async (_flaw, [source, failingCases]) => {
      const failures = await failuresOf(harnessWithFaults(() => source))

      const expected = faults.flatMap(fault => failingCases.map(title => `${fault}: ${title}`))
      expect(expected.filter(title => !failures.some(failure => failure.startsWith(title)))).toEqual([])
    },
  )

  it('lets a provider over an endless answer reject with the reason of the signal', async () => {
    const failures = await failuresOf({ holding: exemplaryProvider, faulty: { hang: obedient, slow_drip: obedient } })

    expect(failures).toEqual([])
  })

  it('tells what the provider answered in the failure', async () => {
    const cases = conformanceCases({
      holding: secrets => ({ ...exemplaryProvider(secrets), getSecret: async () => 'x' }),
    })

    const missing = cases.find(({ title }) => title.startsWith('answers undefined, not an error'))

    await expect(missing?.run()).rejects.toThrow('getSecret("ABSENT_KEY") answered "x" instead of undefined')
  })

  it('closes the provider also when the case fails', async () => {
    const open = new Set<object>()
    const holding: ProviderSource = secrets => {
      const provider = { ...exemplaryProvider(secrets), name: '', getSecret: async () => 'wrong' }
      open.add(provider)
      return Object.assign(provider, { close: async () => void open.delete(provider) })
    }

    const failures = await failuresOf({ holding })

    expect(failures.length).toBeGreaterThan(1)
    expect(open.size).toBe(0)
  })
})
