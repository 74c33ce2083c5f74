import { equal } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { InMemorySecretProvider } from '@st/provider-testkit'
import { SecretsManager } from '@st/secrets-core'
import { isGenuine } from './webhook-signature.ts'

const body = Buffer.from('{"event":"job.finished"}')

function signed(secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64')
}

test('accepts the current secret, and the one before it for a quarter of an hour', async () => {
  let now = 0
  const source = new InMemorySecretProvider({ [SecretsManager.WEBHOOK_SECRET]: 'first-secret' })
  await using secrets = new SecretsManager({ providers: [source], now: () => now })

  equal(await isGenuine(secrets, body, signed('first-secret')), true)
  equal(await isGenuine(secrets, body, signed('another-secret')), false)
  equal(await isGenuine(secrets, Buffer.from('{}'), signed('first-secret')), false)

  await secrets.setSecret(SecretsManager.WEBHOOK_SECRET, 'second-secret')
  equal(await isGenuine(secrets, body, signed('second-secret')), true)
  now += 899_000
  equal(await isGenuine(secrets, body, signed('first-secret')), true)
  now += 2000
  equal(await isGenuine(secrets, body, signed('first-secret')), false)
  equal(await isGenuine(secrets, body, signed('second-secret')), true)
})
