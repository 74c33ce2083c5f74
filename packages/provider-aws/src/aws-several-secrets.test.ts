import { startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

const secretName = ['team', 'shared', 'defaults'] as const

describe('several secretNames', () => {
  it('are read with one batch, and earlier names win', async () => {
    await using manager = await startFakeSecretsManager()
    const team = manager.put('team', '{"A":"team","T":"1"}')
    const shared = manager.put('shared', '{"A":"shared","B":"shared","T":{}}')
    const defaults = manager.put('defaults', '{"B":"defaults","C":"defaults"}')
    const provider = providerOver(manager, { secretName })

    const document = await provider.readDocument?.()

    expect(Object.fromEntries(document?.values ?? [])).toEqual({ A: 'team', B: 'shared', C: 'defaults', T: '1' })
    expect(document?.unusable?.size).toBe(0)
    expect(document?.locator).toBe([team, shared, defaults].join(', '))
    expect(manager.operations).toEqual(['BatchGetSecretValue'])
  })

  it('are one a name: a key that an earlier one holds as an object hides no later one, but is unusable', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('team', '{"A":["no string"],"B":null}')
    manager.put('shared', '{"A":"shared","B":"shared"}')
    const provider = providerOver(manager, { secretName: ['team', 'shared'] })

    const document = await provider.readDocument?.()

    expect(Object.fromEntries(document?.unusable ?? [])).toEqual({ A: 'array' })
    expect(Object.fromEntries(document?.values ?? [])).toEqual({ B: 'shared' })
  })

  it('may lack one, but not all', async () => {
    await using manager = await startFakeSecretsManager()
    const provider = providerOver(manager, { secretName })

    const none = await provider.readDocument?.()
    manager.put('shared', '{"B":"shared"}')
    const one = await provider.readDocument?.()

    expect(none).toBeUndefined()
    expect(Object.fromEntries(one?.values ?? [])).toEqual({ B: 'shared' })
  })

  it('fail when one of them cannot be read, as its keys may be those that win', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('team', '{"A":"team"}')
    manager.put('shared', '{"A":"shared"}')
    manager.deny('GetSecretValue', 'team')

    const error = await failureOf(providerOver(manager, { secretName }).readDocument?.())

    expect(error).toMatchObject({ kind: 'forbidden', provider: 'aws' })
    expect(error.message).toContain('"team"')
  })

  it('fail when one of them is no JSON object, and name it', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('team', '{"A":"team"}')
    manager.put('shared', 'just-a-token')

    const error = await failureOf(providerOver(manager, { secretName }).readDocument?.())

    expect(error.kind).toBe('malformed')
    expect(error.message).toMatch(/^Secret "shared" is not JSON/)
    expect(error.message).not.toContain('token')
  })

  it('are read one by one where batches are denied, without asking for a batch again', async () => {
    await using manager = await startFakeSecretsManager()
    for (const name of secretName) manager.put(name, `{"${name}":"1"}`)
    manager.deny('BatchGetSecretValue')
    const provider = providerOver(manager, { secretName })

    const first = await provider.readDocument?.()
    const second = await provider.readDocument?.({ known: first })

    const reads = ['GetSecretValue', 'GetSecretValue', 'GetSecretValue']
    expect(second).toBe(first)
    expect(manager.operations).toEqual(['BatchGetSecretValue', ...reads, ...reads])
  })

  it('give the known document back until one of them has changed', async () => {
    await using manager = await startFakeSecretsManager()
    for (const name of secretName) manager.put(name, `{"${name}":"1"}`)
    const provider = providerOver(manager, { secretName })
    const known = await provider.readDocument?.()

    const unchanged = await provider.readDocument?.({ known })
    manager.put('defaults', '{"defaults":"2"}')
    const changed = await provider.readDocument?.({ known })

    expect(unchanged).toBe(known)
    expect(changed?.values.get('defaults')).toBe('2')
  })

  it('count once each, and an empty one not at all', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('team', '{"A":"1"}')
    const provider = providerOver(manager, { secretName: ['team', '', 'team'] })

    expect(await provider.getSecret('A')).toBe('1')
    expect(manager.operations).toEqual(['GetSecretValue'])
    expect(provider.describe()['secretName']).toBe('team')
  })

  it('that are all empty leave the name to the environment', () => {
    const provider = providerOver({ url: 'http://127.0.0.1:1' }, { secretName: [''] })

    expect(provider.isAvailable()).toBe(false)
  })
})
