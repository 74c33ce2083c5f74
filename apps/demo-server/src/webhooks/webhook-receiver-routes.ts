import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Services } from '../services.ts'

const HeadersSchema = Type.Object({
  'webhook-id': Type.Optional(Type.String({ description: 'Of at most 256 characters.' })),
  'webhook-timestamp': Type.Optional(Type.String({ description: 'Seconds since 1970, not older than 300.' })),
  'webhook-signature': Type.Optional(
    Type.String({ description: '`v1,` and the HMAC-SHA256 of `id.timestamp.body` as base64; several by spaces.' }),
  ),
})
const described = {
  description: 'A prediction of Replicate; `id` and `status` of it are recorded.',
  content: { 'application/json': { schema: Type.Unsafe<Buffer>({}) } },
}
const ReceivedSchema = Type.Object({
  received: Type.Literal(true),
  isRepeated: Type.Boolean({ description: 'Whether it had come in before, and nothing was done.' }),
})

const provider = 'replicate'

/** `/api/webhooks/replicate`: webhooks that Replicate sends. Their signature is of the bytes of the body, so no other routes are here. */
export const webhookReceiverRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'webhookReceiver'>> = async (
  app,
  { webhookReceiver },
) => {
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const rateLimit = {
    max: async () => (await webhookReceiver.limits(provider)).max,
    timeWindow: async () => (await webhookReceiver.limits(provider)).windowSeconds * 1000,
    groupId: 'webhooks',
  }

  const received = {
    tags: ['webhooks'],
    summary: 'Take in a webhook by Standard Webhooks, signed with CLOUD_WEBHOOK_SECRET',
    headers: HeadersSchema,
    body: described,
    response: { 200: ReceivedSchema },
  }
  app.post('/api/webhooks/replicate', { schema: received, config: { access: 'anyone', rateLimit } }, async request => {
    const webhook = {
      provider,
      id: headerOf(request, 'webhook-id'),
      timestamp: headerOf(request, 'webhook-timestamp'),
      signature: headerOf(request, 'webhook-signature'),
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      ip: request.ip,
      requestId: request.id,
    }
    return { received: true, isRepeated: (await webhookReceiver.receive(webhook)) === 'repeated' } as const
  })
}

function headerOf({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}
