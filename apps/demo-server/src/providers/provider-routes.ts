import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { list } from '../http/answer-schemas.ts'
import type { Services } from '../services.ts'
import {
  ProviderHealthSchema,
  providerHealthView,
  ProviderNameSchema,
  ProviderSchema,
  providerView,
} from './provider-schema.ts'

/** `/api/providers`: where secrets come from, and how these sources are. */
export const providerRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'secrets' | 'providerWatch' | 'providerChecks'>
> = async (app, { secrets, providerWatch, providerChecks }) => {
  const tags = ['providers']
  const config = { access: 'api.access' } as const
  const params = Type.Object({ name: ProviderNameSchema })
  app.addHook('onReady', async () => providerWatch.start())
  app.addHook('onClose', async () => providerWatch.stop())

  const listed = {
    tags,
    summary: 'Every provider of secrets, in the order in which they are asked',
    response: { 200: Type.Object({ providers: list(ProviderSchema) }) },
  }
  app.get('/api/providers', { schema: listed, config }, async () => ({
    // Both are in the order of the chain.
    providers: secrets
      .stats()
      .providers.map((stats, index) =>
        providerView(stats, secrets.providers[index], providerWatch.record(stats.provider)),
      ),
  }))

  const told = { tags, params, response: { 200: ProviderHealthSchema } }
  const viewed = { ...told, summary: 'How a provider is, as of the last 10 seconds' }
  app.get('/api/providers/:name/health', { schema: viewed, config }, async request =>
    providerHealthView(await providerChecks.one(request.params.name)),
  )

  const tested = { ...told, summary: 'Ask the providers now how they are, and tell of one' }
  app.post('/api/providers/:name/test', { schema: tested, config }, async request =>
    providerHealthView(await providerChecks.one(request.params.name, true)),
  )
}
