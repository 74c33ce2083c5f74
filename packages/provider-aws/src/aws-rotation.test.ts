import { randomUUID } from 'node:crypto'
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SecretsManager } from '@st/secrets-core'
import { describeWithPeer, requirePeer, startMoto } from '@st/test-peers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'
import type { AWSSecretsManagerProviderOptions } from './aws-options.ts'
import { AWSSecretsManagerProvider } from './aws-provider.ts'

useTestEnvironment()

const peer = await requirePeer('moto')

/** A database, as far as it takes passwords: the last one that it was given. */
class Door {
  password = 'old'
  knocks = 0

  async open(password: string): Promise<string> {
    this.knocks += 1
    if (password === this.password) return 'open'
    throw Object.assign(new Error('wrong password'), { status: 401 })
  }
}

describeWithPeer(describe, peer)('a value that is rotated in moto', found => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let client: SecretsManagerClient

  beforeAll(async () => {
    moto = await startMoto(found())
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = credentials
    const place = { region: 'us-west-2', endpoint: moto.url }
    client = new SecretsManagerClient({ ...place, credentials: { accessKeyId, secretAccessKey } })
  }, 30_000)

  afterAll(async () => {
    client?.destroy()
    await moto?.[Symbol.asyncDispose]()
  })

  describe.each<[string, (name: string) => AWSSecretsManagerProviderOptions, (value: string) => string]>([
    ['in a JSON secret', secretName => ({ secretName }), PASSWORD => JSON.stringify({ PASSWORD })],
    ['in a secret of its own', name => ({ secretId: () => name }), value => value],
  ])('%s', (_title, optionsFor, textOf) => {
    async function startWith(value: string): Promise<{
      readonly provider: AWSSecretsManagerProvider
      readonly rotate: (value: string) => Promise<unknown>
    }> {
      const name = `st/${randomUUID()}`
      await client.send(new CreateSecretCommand({ Name: name, SecretString: textOf(value) }))
      const place = { regionName: 'us-west-2', endpoint: moto.url }
      return {
        provider: new AWSSecretsManagerProvider({ ...place, ...optionsFor(name) }),
        rotate: next => client.send(new PutSecretValueCommand({ SecretId: name, SecretString: textOf(next) })),
      }
    }

    it('is seen once its TTL is over, and not before', async () => {
      const { provider, rotate } = await startWith('old')
      let nowMs = 0
      const policy = { cache: { ttl: 60, jitter: 0 } }
      await using secrets = new SecretsManager({ providers: [{ provider, policy }], now: () => nowMs })
      await secrets.get('PASSWORD')
      await rotate('new')

      nowMs = 59_000
      const before = await secrets.get('PASSWORD')
      nowMs = 61_000
      const after = await secrets.get('PASSWORD')

      expect([before, after]).toEqual(['old', 'new'])
    })

    it('is seen at once by withSecret, also by 100 users of it at the same time', async () => {
      const { provider, rotate } = await startWith('old')
      await using secrets = new SecretsManager({ providers: [provider] })
      const door = new Door()
      const before = await secrets.withSecret('PASSWORD', password => door.open(password))
      await rotate('new')
      door.password = 'new'
      door.knocks = 0

      const use = (): Promise<string> => secrets.withSecret('PASSWORD', password => door.open(password))
      const after = await Promise.all(Array.from({ length: 100 }, use))

      expect([before, ...new Set(after)]).toEqual(['open', 'open'])
      expect(door.knocks).toBe(200)
    })

    it('has the value before it as the previous version', async () => {
      const { provider, rotate } = await startWith('old')
      await using secrets = new SecretsManager({ providers: [provider] })
      await rotate('new')

      const current = await secrets.resolve('PASSWORD')
      const previous = await secrets.resolve('PASSWORD', { stage: 'previous' })

      expect([current.secret?.reveal(), previous.secret?.reveal()]).toEqual(['new', 'old'])
    })
  })
})
