import { describe, expect, it } from 'vitest'
import { keyedProvider } from '../__fixtures__/sample-provider.ts'
import { Epoch } from './epoch.ts'
import { providerLinks } from './provider-link.ts'

const options = { maxEntries: 10, now: () => 0, policy: undefined, epoch: new Epoch() }

describe('providerLinks', () => {
  it('takes providers and entries, in their order, with the rules of each', () => {
    const [a, b] = [keyedProvider('a'), keyedProvider('b')]

    const links = providerLinks([a, { provider: b, policy: { timeoutMs: 5 } }], {
      ...options,
      policy: { timeoutMs: 7 },
    })

    expect(links.map(({ provider }) => provider)).toEqual([a, b])
    expect(links.map(({ answers }) => answers.guard.rules.timeoutMs)).toEqual([7, 5])
  })

  it('gives every link a name of its own', () => {
    const links = providerLinks(
      ['a', 'a-2', 'a', 'a', 'b'].map(name => keyedProvider(name)),
      options,
    )

    expect(links.map(({ name }) => name)).toEqual(['a', 'a-2', 'a-3', 'a-4', 'b'])
  })

  it('asks each time whether the provider is configured and wants the key', () => {
    const provider = keyedProvider('a')
    const [link] = providerLinks([{ provider, accepts: key => key !== 'B' }], options)

    const before = [link?.reasonToSkip('A'), link?.reasonToSkip('B')]
    provider.available = false

    expect([before, link?.reasonToSkip('A'), link?.reasonToSkip('B')]).toEqual([
      [undefined, 'not_accepted'],
      'not_available',
      'not_accepted',
    ])
  })

  it('does not take a provider for an entry that has a member of that name itself', () => {
    const own = Object.assign(keyedProvider('a'), { provider: 'aws' })

    expect(providerLinks([own], options).map(({ name }) => name)).toEqual(['a'])
  })
})
