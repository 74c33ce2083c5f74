import { expect, it } from 'vitest'
import { ProviderConfigs } from '../provider-configs/provider-configs.ts'
import { describeDatabases } from '../testing/databases.ts'
import { userWorld } from '../testing/user-world.ts'
import { type IncomingWebhook, WebhookReceiver } from './webhook-receiver.ts'
import { signWebhook } from './webhook-signature.ts'

const secret = Buffer.from('the secret of the webhooks').toString('base64')

describeDatabases('webhooks', ({ open }) => {
  it('that come to several instances at once are taken in once, and again when nobody could accept them', async () => {
    const { database, writes, now, pass, recorded } = userWorld(await open())
    const secrets = { acceptedValues: async (): Promise<[string]> => [secret] }
    const make = (): WebhookReceiver =>
      new WebhookReceiver({ providerConfigs: new ProviderConfigs({ database, writes }), secrets, writes, now })
    const instances = [make(), make(), make()]
    const webhook = (): IncomingWebhook => {
      // Of a sender whose clock is as far ahead as it may be.
      const timestamp = String(Math.floor(now().getTime() / 1000) + 300)
      const signed = { id: 'msg_1', timestamp, body: Buffer.from('{}') }
      return { ...signed, signature: signWebhook(signed, secret), provider: 'acme', ip: '10.0.0.1', requestId: 'r' }
    }
    const sent = webhook()

    const first = await Promise.all(instances.map(instance => instance.receive(sent)))
    pass(10 + 0.9 / 60)
    const repeated = await make().receive(sent)
    pass(0.2 / 60)
    const late = await Promise.allSettled([make().receive(sent)])
    const later = await make().receive(webhook())

    expect(first.toSorted()).toEqual(['new', 'repeated', 'repeated'])
    expect([repeated, later]).toEqual(['repeated', 'new'])
    expect(late).toMatchObject([{ reason: { code: 'INVALID_WEBHOOK_SIGNATURE' } }])
    expect(await recorded()).toEqual(['webhook.received', 'security.suspicious refused', 'webhook.received'])
    expect(await database.reads.selectFrom('received_webhook').selectAll().execute()).toHaveLength(1)
  })
})
