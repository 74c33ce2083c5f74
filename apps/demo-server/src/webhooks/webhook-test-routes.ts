import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { actorOf } from '../http/caller.ts'
import { ProviderParamsSchema } from '../provider-configs/provider-config-schema.ts'
import type { Services } from '../services.ts'
import { sendTestWebhook } from './send-test-webhook.ts'

const DeliverySchema = Type.Object({
  isAccepted: Type.Boolean(),
  status: Type.Optional(Type.Integer({ description: 'Of the answer; absent when there was none.' })),
  fault: Type.Optional(
    Type.Enum(['not_public', 'unreachable', 'timeout'], { description: 'Why there was no answer.' }),
  ),
})

/** `/api/cloud/providers/{provider}/webhook/test`: whether webhooks arrive where they are configured to. */
export const webhookTestRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'providerConfigs' | 'secrets' | 'audit' | 'allowsPrivateWebhooks' | 'now'>
> = async (app, services) => {
  const tested = {
    tags: ['webhooks'],
    summary: 'Send a signed webhook `test` to the configured address',
    params: ProviderParamsSchema,
    response: { 200: DeliverySchema },
  }
  app.post(
    '/api/cloud/providers/:provider/webhook/test',
    { schema: tested, config: { access: 'provider.configure' } },
    async request => sendTestWebhook(services, request.params.provider, actorOf(request)),
  )
}
