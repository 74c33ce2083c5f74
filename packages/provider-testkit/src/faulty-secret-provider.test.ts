import { SecretError } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { FaultySecretProvider } from './faulty-secret-provider.ts'
import { InMemorySecretProvider } from './in-memory-secret-provider.ts'

describe('FaultySecretProvider', () => {
  it('rejects with the error it was given until it is healed', async () => {
    const down = new SecretError('unavailable', 'down')
    const provider = new FaultySecretProvider(down, new InMemorySecretProvider({ NAME: 'ada' }))

    await expect(provider.getSecret('NAME')).rejects.toBe(down)
    provider.heal()

    expect(await provider.getSecret('NAME')).toBe('ada')
  })

  it('has the name and the availability of the provider behind it', () => {
    const inner = new InMemorySecretProvider({}, { name: 'remote' })
    inner.isAvailable = () => false

    const provider = new FaultySecretProvider('hang', inner)

    expect(provider.name).toBe('remote')
    expect(provider.isAvailable()).toBe(false)
  })

  it('answers like an empty source once it is healed, when nothing is behind it', async () => {
    const provider = new FaultySecretProvider('answers_rubbish')

    provider.heal()

    expect(await provider.getSecret('NAME')).toBeUndefined()
  })

  it('hangs, even when the signal aborts', async () => {
    const controller = new AbortController()
    const read = new FaultySecretProvider('hang').getSecret('NAME', controller)

    controller.abort()
    const winner = await Promise.race([read, new Promise(resolve => setImmediate(resolve, 'pending'))])

    expect(winner).toBe('pending')
  })

  it('throws from the call', () => {
    const provider = new FaultySecretProvider('throws_sync')

    expect(() => provider.getSecret('NAME')).toThrow('thrown instead of rejected')
  })

  it('rejects with something that is no error', async () => {
    await expect(new FaultySecretProvider('throws_non_error').getSecret('NAME')).rejects.toBeTypeOf('string')
  })

  it('resolves to something that is no string', async () => {
    expect(await new FaultySecretProvider('answers_rubbish').getSecret('NAME')).toBe(42)
  })

  it('remembers every key it was asked for', async () => {
    const provider = new FaultySecretProvider(new SecretError('throttled', 'slow down'))

    await provider.getSecret('A').catch(() => {})
    provider.heal()
    await provider.getSecret('B')

    expect(provider.reads).toEqual(['A', 'B'])
  })
})
