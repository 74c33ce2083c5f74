import { describe, expect, it } from 'vitest'
import { conformanceCases } from './conformance-cases.ts'
import type { ConformanceHarness } from './conformance-harness.ts'
import { describeProviderContract } from './describe-provider-contract.ts'
import { InMemorySecretProvider } from './in-memory-secret-provider.ts'

describe('describeProviderContract', () => {
  it('registers every case in one group', () => {
    const harness: ConformanceHarness = { holding: secrets => new InMemorySecretProvider(secrets) }
    const groups: string[] = []
    const titles: string[] = []

    describeProviderContract(harness, {
      describe: (title, body) => {
        groups.push(title)
        body()
      },
      it: title => titles.push(title),
    })

    expect(groups).toEqual(['keeps the provider contract'])
    expect(titles).toEqual(conformanceCases(harness).map(({ title }) => title))
  })
})
