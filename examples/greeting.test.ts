import { equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { FaultySecretProvider, InMemorySecretProvider } from '@st/provider-testkit'
import { SecretError, SecretsManager } from '@st/secrets-core'
import { greeting } from './greeting.ts'

test('greets by the stored name', async () => {
  await using secrets = new SecretsManager({ providers: [new InMemorySecretProvider({ NAME: 'ada' })] })

  equal(await greeting(secrets), 'hello ada')
})

test('greets nobody where no name is stored', async () => {
  await using secrets = new SecretsManager({ providers: [new InMemorySecretProvider()] })

  equal(await greeting(secrets), 'hello nobody')
  await rejects(secrets.require('NAME'), { kind: 'missing' })
})

test('tells a source that is down from a name that is missing', async () => {
  const down = new SecretError('unavailable', 'The source is down.')
  const source = new FaultySecretProvider(down, new InMemorySecretProvider({ NAME: 'ada' }))
  await using secrets = new SecretsManager({ providers: [source], policy: { retry: false } })

  await rejects(secrets.require('NAME'), { kind: 'unresolved' })
  source.heal()

  equal(await greeting(secrets), 'hello ada')
})
