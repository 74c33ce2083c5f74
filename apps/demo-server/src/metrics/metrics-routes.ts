import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Services } from '../services.ts'
import { ServerMetrics } from './server-metrics.ts'

const described = {
  description: 'In the text format of Prometheus.',
  content: { 'text/plain': { schema: Type.String() } },
}

/** `/metrics`: figures for Prometheus. To be called with the server itself: the requests of all its routes are counted. */
export function addMetrics(
  app: FastifyInstance,
  services: Pick<Services, 'caches' | 'secrets' | 'providerWatch' | 'audit'>,
): void {
  const metrics = new ServerMetrics(services)
  app.addHook('onReady', async () => metrics.start())
  app.addHook('onClose', async () => metrics.stop())
  app.addHook('onResponse', async (request, reply) => metrics.noteRequest(request, reply))

  const schema = { tags: ['server'], summary: 'Figures for Prometheus', response: { 200: described } }
  app.get('/metrics', { schema, config: { access: 'api.access' } }, async (_request, reply) => {
    const { mediaType, body } = await metrics.text()
    return reply.type(mediaType).send(body)
  })
}
