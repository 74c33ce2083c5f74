import { describe, expect, it } from 'vitest'
import { describeProviderContract } from './describe-provider-contract.ts'
import { InMemorySecretProvider } from './in-memory-secret-provider.ts'

describe('InMemorySecretProvider', () => {
  describeProviderContract({ holding: secrets => new InMemorySecretProvider(secrets) }, { describe, it })

  it('is named memory unless it is told otherwise', () => {
    expect(new InMemorySecretProvider().name).toBe('memory')
    expect(new InMemorySecretProvider({}, { name: 'fixture' }).name).toBe('fixture')
  })

  it('remembers every key it was asked for, in order, found or not', async () => {
    const provider = new InMemorySecretProvider({ NAME: 'ada' })

    await provider.getSecret('NAME')
    provider.getSecretSync('ABSENT')
    await provider.getSecret('NAME')

    expect(provider.reads).toEqual(['NAME', 'ABSENT', 'NAME'])
  })

  it('does not see later changes of the record it was given', async () => {
    const secrets: Record<string, string> = { NAME: 'ada' }
    const provider = new InMemorySecretProvider(secrets)

    secrets['NAME'] = 'grace'

    expect(await provider.getSecret('NAME')).toBe('ada')
  })

  it('refuses an empty key', async () => {
    await expect(new InMemorySecretProvider().setSecret('', 'value')).rejects.toThrow(TypeError)
  })
})
