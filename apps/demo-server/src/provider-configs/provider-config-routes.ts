import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import { expectedVersion, sendVersion } from '../http/etag.ts'
import type { Services } from '../services.ts'
import { CostLimitStatusSchema, costLimitStatus } from './cost-limit.ts'
import { knownProviders } from './known-providers.ts'
import { ProviderConfigSchema, ProviderConfigUpdateSchema, ProviderParamsSchema } from './provider-config-schema.ts'
import { secretMembersOf, type VersionedProviderConfig, withoutSecrets } from './provider-configs.ts'

const ProviderListSchema = Type.Object({
  providers: list(
    Type.Object({
      name: Type.String(),
      isConfigured: Type.Boolean({ description: 'Or only known, with every setting at its default.' }),
    }),
  ),
  ...nextCursor,
})
const VersionedConfigSchema = Type.Object({
  provider: Type.String(),
  config: ProviderConfigSchema,
  version: Type.Integer({ description: 'The same as the `ETag`; 0 while nothing was configured.' }),
  /** They may hold a password. */
  withheld: list(Type.String({ description: 'A member that is set, and told only to who may change it.' })),
})
const SpentSchema = Type.Object(
  {
    spent: Type.Optional(
      Type.String({
        pattern: String.raw`^\d{1,12}(\.\d{1,9})?$`,
        default: '0',
        description: 'US dollars in the last `periodDays`: this server runs no jobs, and keeps no account of them.',
      }),
    ),
  },
  closed,
)

/** `/api/cloud/providers`: how the services on which jobs are run are configured (R113–R115). */
export const providerConfigRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'providerConfigs' | 'cursors'>> = async (
  app,
  { providerConfigs, cursors },
) => {
  const tags = ['provider configuration']
  const params = ProviderParamsSchema
  const config = { access: 'api.access' } as const

  const listed = {
    tags,
    summary: 'Every provider that is known or configured, by name',
    querystring: Type.Object(pageQuery, closed),
    response: { 200: ProviderListSchema },
  }
  app.get('/api/cloud/providers', { schema: listed, config }, async request => {
    const { limit = 20, cursor } = request.query
    const key = ['provider configs', callerOf(request).access.userId]
    const after = cursors.open(key, cursor, '')
    const configured = await providerConfigs.names({ limit: limit + 1, after })
    const found = merged(
      configured,
      knownProviders.filter(name => name > after),
    )
    const shown = found.slice(0, limit)
    const providers = shown.map(name => ({ name, isConfigured: configured.includes(name) }))
    const last = shown.at(-1)
    return found.length > limit && last !== undefined
      ? { providers, nextCursor: cursors.seal(key, last) }
      : { providers }
  })

  const told = { tags, params, response: { 200: VersionedConfigSchema } }
  const viewed = { ...told, summary: 'The configuration of a provider' }
  app.get('/api/cloud/providers/:provider/config', { schema: viewed, config }, async (request, reply) =>
    sendConfig(request, reply, await providerConfigs.get(request.params.provider)),
  )

  const changed = {
    ...told,
    summary: 'Change a configuration: what is absent or `null` stays; takes If-Match',
    body: ProviderConfigUpdateSchema,
  }
  app.put(
    '/api/cloud/providers/:provider/config',
    { schema: changed, config: { access: 'provider.configure' } },
    async (request, reply) => {
      const change = {
        update: request.body,
        expectedVersion: expectedVersion(request),
        actor: actorOf(request),
      }
      return sendConfig(request, reply, await providerConfigs.update(request.params.provider, change))
    },
  )

  const limited = {
    tags,
    summary: 'How spending stands against the cost limit',
    params,
    querystring: SpentSchema,
    response: { 200: CostLimitStatusSchema },
  }
  app.get('/api/cloud/providers/:provider/cost-limit', { schema: limited, config }, async request => {
    const { config: configured } = await providerConfigs.get(request.params.provider)
    return costLimitStatus(configured, Number(request.query.spent ?? '0'))
  })
}

/** In the order of the database, which compares bytes. */
function merged(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function sendConfig(request: FastifyRequest, reply: FastifyReply, versioned: VersionedProviderConfig): FastifyReply {
  const { provider, config, version } = versioned
  const isTrusted = callerOf(request).access.permissions.includes('provider.configure')
  sendVersion(reply, version)
  return reply.send(
    isTrusted
      ? { provider, config, version, withheld: [] }
      : { provider, config: withoutSecrets(config), version, withheld: secretMembersOf(config) },
  )
}
