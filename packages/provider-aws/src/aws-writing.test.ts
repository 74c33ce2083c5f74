import { randomUUID } from 'node:crypto'
import { awsException, type FakeSecretsManager, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'
import type { AWSSecretsManagerProvider } from './aws-provider.ts'

useTestEnvironment()

const secretId = (key: string): string => `app/${key}`

function writerOver(manager: FakeSecretsManager): AWSSecretsManagerProvider {
  return providerOver(manager, { secretName: 'app', writable: true })
}

function currentText(manager: FakeSecretsManager, name = 'app'): unknown {
  return manager.secret(name).version(undefined).content
}

describe('writing', () => {
  it.each([{ secretName: 'app' }, { secretId }])('is off unless asked for: %o', options => {
    const provider = providerOver({ url: 'http://127.0.0.1:1' }, options)

    expect([provider.setSecret, provider.deleteSecret]).toEqual([undefined, undefined])
  })

  it.each([{ secretName: 'app' }, { secretId }])('takes nothing but strings: %o', async options => {
    await using manager = await startFakeSecretsManager()
    const provider = providerOver(manager, { ...options, writable: true })

    // What a caller without types may pass.
    await expect(provider.setSecret?.('A', 42 as unknown as string)).rejects.toThrow(TypeError)
    expect(manager.requests).toEqual([])
  })
})

describe('a key of a JSON secret', () => {
  it('is stored beside the others, which stay as they were to the last digit', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{ "big": 12345678901234567890, "price": 1.10, "on": true, "gone": null, "__proto__": "p" }')

    await writerOver(manager).setSecret?.('A', 'new "value"')

    expect(currentText(manager)).toBe(
      '{"big":12345678901234567890,"price":1.10,"on":true,"gone":null,"__proto__":"p","A":"new \\"value\\""}',
    )
    expect(manager.operations).toEqual(['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])
  })

  it('makes what was current the previous version', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"old"}')
    const provider = writerOver(manager)

    await provider.setSecret?.('A', 'new')

    expect((await provider.readSecret({ key: 'A' }))?.value).toBe('new')
    expect((await provider.readSecret({ key: 'A', stage: 'previous' }))?.value).toBe('old')
    expect([...manager.secret('app').version(undefined).stages].toSorted()).toEqual(['AWSCURRENT', 'ST_STAGED'])
  })

  it.each([
    ['__proto__', 'own'],
    ['with"quote', 'v'],
    ['', 'v'],
  ])('may have any name: %j', async (key, value) => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    const provider = writerOver(manager)

    await provider.setSecret?.(key, value)

    expect(await provider.getSecret(key)).toBe(value)
    expect(await provider.getSecret('A')).toBe('1')
  })

  it('is not stored again when it has the value already', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1","n":1}')
    const provider = writerOver(manager)

    await provider.setSecret?.('A', '1')
    await provider.deleteSecret?.('absent')
    const unchanged = [...manager.operations]
    await provider.setSecret?.('n', '1')

    expect(unchanged).toEqual(['GetSecretValue', 'GetSecretValue'])
    expect(currentText(manager)).toBe('{"A":"1","n":"1"}')
  })

  it('is removed, and the others stay', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '\uFEFF{"A":"1","B":"2"}')

    expect(await writerOver(manager).deleteSecret?.('A')).toBe(true)
    expect(currentText(manager)).toBe('{"B":"2"}')
  })

  it('is stored in a secret that is made for it, where there is none', async () => {
    await using manager = await startFakeSecretsManager()
    const provider = writerOver(manager)

    const removed = await provider.deleteSecret?.('A')
    await provider.setSecret?.('A', '1')

    expect(removed).toBe(true)
    expect(currentText(manager)).toBe('{"A":"1"}')
    expect(manager.operations).toEqual(['GetSecretValue', 'GetSecretValue', 'CreateSecret'])
  })

  it('needs no removing from a secret that is scheduled for deletion', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    manager.secret('app').isDeleted = true

    expect(await writerOver(manager).deleteSecret?.('A')).toBe(true)
    expect(manager.operations).toEqual(['GetSecretValue'])
  })

  it('may be called __proto__ in a secret that is made for it', async () => {
    await using manager = await startFakeSecretsManager()

    await writerOver(manager).setSecret?.('__proto__', '1')

    expect(currentText(manager)).toBe('{"__proto__":"1"}')
  })

  it('is stored as bytes where the secret was bytes', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', Buffer.from('{"A":"1"}'))

    await writerOver(manager).setSecret?.('B', 'é')

    expect(String(currentText(manager))).toBe('{"A":"1","B":"é"}')
    expect(currentText(manager)).toBeInstanceOf(Uint8Array)
  })

  it('of several secrets is stored in the first and removed from all', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('one', '{}')
    manager.put('two', '{"A":"2","B":"2"}')
    const provider = providerOver(manager, { secretName: ['one', 'two'], writable: true })

    await provider.setSecret?.('A', '1')
    const stored = [currentText(manager, 'one'), currentText(manager, 'two')]
    await provider.deleteSecret?.('A')

    expect(stored).toEqual(['{"A":"1"}', '{"A":"2","B":"2"}'])
    expect([currentText(manager, 'one'), currentText(manager, 'two')]).toEqual(['{}', '{"B":"2"}'])
  })

  it('is stored beside what somebody else stored before the secret was read', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    manager.beforeNext('GetSecretValue', () => void manager.put('app', '{"A":"theirs","B":"theirs"}'))

    await writerOver(manager).setSecret?.('A', 'mine')

    expect(currentText(manager)).toBe('{"A":"mine","B":"theirs"}')
  })

  it.each(['PutSecretValue', 'UpdateSecretVersionStage'])(
    'is not stored over what somebody else stored before %s',
    async operation => {
      await using manager = await startFakeSecretsManager()
      manager.put('app', '{"A":"1"}')
      const theirs = '{"A":"theirs","B":"theirs"}'
      manager.beforeNext(operation, () => void manager.put('app', theirs))

      const error = await failureOf(writerOver(manager).setSecret?.('A', 'mine'))

      expect(error).toMatchObject({ kind: 'conflict', provider: 'aws', status: 400 })
      expect(currentText(manager)).toBe(theirs)
    },
  )

  it('is not stored when somebody else makes or removes the secret meanwhile', async () => {
    await using manager = await startFakeSecretsManager()
    manager.beforeNext('CreateSecret', () => void manager.put('app', '{"A":"theirs"}'))
    const made = await failureOf(writerOver(manager).setSecret?.('A', 'mine'))
    manager.beforeNext('PutSecretValue', () => (manager.secret('app').isDeleted = true))

    const removed = await failureOf(writerOver(manager).setSecret?.('A', 'mine'))

    expect(made.kind).toBe('conflict')
    expect(removed).toMatchObject({ kind: 'not_configured', detail: 'deleted' })
    expect(removed.hint).toContain('restore-secret')
    expect(currentText(manager)).toBe('{"A":"theirs"}')
  })

  it('loses nothing to writes of this process at the same time', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{}')
    const provider = writerOver(manager)
    const keys = Array.from({ length: 20 }, (_, index) => `KEY_${index}`)

    await Promise.all(keys.map(async key => provider.setSecret?.(key, key)))

    expect(Object.keys(JSON.parse(String(currentText(manager))))).toEqual(keys)
  })

  it('is stored after a write that failed', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{}')
    manager.break(awsException('ThrottlingException'), ({ body }) => body.includes('first'))
    const provider = writerOver(manager)

    const writes = [provider.setSecret?.('A', 'first'), provider.setSecret?.('B', 'second')]

    expect(await failureOf(writes[0])).toMatchObject({ kind: 'throttled' })
    await writes[1]
    expect(currentText(manager)).toBe('{"B":"second"}')
  })

  it.each([
    ['no JSON', 'just-a-token', 'malformed'],
    ['no object', '["a"]', 'malformed'],
    ['not readable', Buffer.from('{"A":"\xff"}', 'latin1'), 'malformed'],
  ])('is not stored in a secret that is %s', async (_title, content, kind) => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', content)

    const error = await failureOf(writerOver(manager).setSecret?.('A', 'canary-value'))

    expect(error).toMatchObject({ kind, provider: 'aws' })
    expect(currentText(manager)).toEqual(content)
  })

  it.each([
    ['GetSecretValue', 'secretsmanager:GetSecretValue'],
    ['PutSecretValue', 'secretsmanager:PutSecretValue'],
    ['UpdateSecretVersionStage', 'secretsmanager:UpdateSecretVersionStage'],
  ])('needs %s, and says so', async (action, permission) => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    manager.deny(action)

    const error = await failureOf(writerOver(manager).setSecret?.('A', 'canary-value'))

    expect(error).toMatchObject({ kind: 'forbidden', hint: expect.stringContaining(permission) })
    expect(error.message).toBe(`${action} of secret "app" failed: AWS denies it.`)
    expect(currentText(manager)).toBe('{"A":"1"}')
  })

  it('that AWS cannot hold is invalid', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{}')

    const error = await failureOf(writerOver(manager).setSecret?.('A', 'x'.repeat(70_000)))

    expect(error).toMatchObject({ kind: 'invalid', status: 400 })
    expect(error.hint).toContain('64 KiB')
  })
})

describe('with one secret a key', () => {
  it('a value is stored as a new version, or in a new secret', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', 'old')
    const provider = providerOver(manager, { secretId, writable: true })

    await provider.setSecret?.('A', 'new')
    await provider.setSecret?.('B', 'made')

    expect([await provider.getSecret('A'), await provider.getSecret('B')]).toEqual(['new', 'made'])
    expect((await provider.readSecret({ key: 'A', stage: 'previous' }))?.value).toBe('old')
    expect(manager.operations.slice(0, 3)).toEqual(['PutSecretValue', 'PutSecretValue', 'CreateSecret'])
  })

  it('a secret is removed with the time to restore it that AWS gives, and again without an error', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')
    const provider = providerOver(manager, { secretId, writable: true })

    const removed = [
      await provider.deleteSecret?.('A'),
      await provider.deleteSecret?.('A'),
      await provider.deleteSecret?.('absent'),
    ]

    expect(removed).toEqual([true, true, true])
    expect(await provider.getSecret('A')).toBeUndefined()
    expect(JSON.parse(manager.requests[0]?.body ?? '')).toEqual({ SecretId: 'app/A' })
  })

  it('a secret that is scheduled for deletion is not stored to', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app/A', '1')
    manager.secret('app/A').isDeleted = true

    const error = await failureOf(providerOver(manager, { secretId, writable: true }).setSecret?.('A', 'canary-value'))

    expect(error).toMatchObject({ kind: 'not_configured', detail: 'deleted' })
    expect(error.message).toBe('PutSecretValue of secret "app/A" failed: it is scheduled for deletion.')
  })

  it('a key without a secret cannot be stored, and there is nothing to remove it from', async () => {
    await using manager = await startFakeSecretsManager()
    const provider = providerOver(manager, { secretId: () => undefined, writable: true })

    expect(await failureOf(provider.setSecret?.('A', '1'))).toMatchObject({ kind: 'unsupported', key: 'A' })
    expect(await provider.deleteSecret?.('A')).toBe(false)
    expect(manager.requests).toEqual([])
  })

  it('a secret that somebody else makes meanwhile is a conflict', async () => {
    await using manager = await startFakeSecretsManager()
    manager.beforeNext('CreateSecret', () => void manager.put('app/A', 'theirs', { id: randomUUID() }))

    const error = await failureOf(providerOver(manager, { secretId, writable: true }).setSecret?.('A', 'mine'))

    expect(error.kind).toBe('conflict')
    expect(currentText(manager, 'app/A')).toBe('theirs')
  })

  it('a value that AWS cannot hold is invalid', async () => {
    await using manager = await startFakeSecretsManager()
    const provider = providerOver(manager, { secretId, writable: true })

    expect(await failureOf(provider.setSecret?.('A', 'x'.repeat(70_000)))).toMatchObject({ kind: 'invalid' })
    expect(await failureOf(provider.setSecret?.('with space', '1'))).toMatchObject({ kind: 'invalid' })
  })
})
