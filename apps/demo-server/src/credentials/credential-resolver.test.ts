import { SecretsManager } from '@st/secrets-core'
import { describe, expect, it } from 'vitest'
import { CredentialResolver, type CredentialResolverOptions } from './credential-resolver.ts'

const request = { provider: 'replicate', name: 'api_token', userId: 1, globalKey: 'REPLICATE_API_TOKEN' }

function secrets(values: Readonly<Record<string, string>>): SecretsManager {
  return new SecretsManager({
    providers: [{ name: 'mine', isAvailable: () => true, getSecret: async key => values[key] }],
  })
}

const failing: CredentialResolverOptions['credentials'] = {
  use: () => Promise.reject(new Error('the store is gone')),
  isUsable: () => Promise.reject(new Error('the store is gone')),
}

function holding(value: string | undefined): CredentialResolverOptions['credentials'] {
  return {
    use: async ({ userId }) => (userId === 1 ? value : undefined),
    isUsable: async ({ userId }) => userId === 1 && Boolean(value),
  }
}

describe('CredentialResolver', () => {
  const fromGlobal = { source: 'global', secretProvider: 'mine', value: 'global' }

  it.each([
    { when: 'the user has one', own: 'own', asked: request, expected: { source: 'user', value: 'own' } },
    { when: 'the user has none', own: undefined, asked: request, expected: fromGlobal },
    { when: 'another user has one', own: 'own', asked: { ...request, userId: 2 }, expected: fromGlobal },
    { when: 'no user asks', own: 'own', asked: { ...request, userId: undefined }, expected: fromGlobal },
    {
      when: 'there is no global key',
      own: undefined,
      asked: { ...request, globalKey: undefined },
      expected: undefined,
    },
    { when: 'nobody has one', own: undefined, asked: { ...request, globalKey: 'OTHER' }, expected: undefined },
  ])('answers alike with the value and with its source when $when', async ({ own, asked, expected }) => {
    const credentials = holding(own)
    const resolver = new CredentialResolver({ credentials, secrets: secrets({ REPLICATE_API_TOKEN: 'global' }) })

    const resolved = await resolver.getCredential(asked)
    const source = await resolver.getSource(asked)

    expect(resolved).toEqual(expected)
    const { value: _value, ...withoutValue } = expected ?? {}
    expect(source).toEqual(expected && withoutValue)
  })

  it('fails with the store, unless it is told to take the global secret then', async () => {
    const manager = secrets({ REPLICATE_API_TOKEN: 'global' })
    const strict = new CredentialResolver({ credentials: failing, secrets: manager })
    const lenient = new CredentialResolver({ credentials: failing, secrets: manager, onStoreError: 'global' })

    await expect(strict.getCredential(request)).rejects.toThrow('the store is gone')
    await expect(strict.getSource(request)).rejects.toThrow('the store is gone')
    expect(await lenient.getCredential(request)).toMatchObject({ source: 'global', value: 'global' })
    expect(await lenient.getSource(request)).toEqual({ source: 'global', secretProvider: 'mine' })
  })

  it('does not take a provider that cannot be asked for one that has nothing', async () => {
    const manager = new SecretsManager({
      providers: [{ name: 'gone', isAvailable: () => true, getSecret: () => Promise.reject(new Error('gone')) }],
    })
    const resolver = new CredentialResolver({ credentials: holding(undefined), secrets: manager })

    await expect(resolver.getCredential(request)).rejects.toMatchObject({ kind: 'unresolved' })
    await expect(resolver.getSource(request)).rejects.toMatchObject({ kind: 'unresolved' })
  })
})
