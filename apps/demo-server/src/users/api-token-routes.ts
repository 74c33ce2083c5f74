import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { closed, list, noContent } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import type { Services } from '../services.ts'
import { ownerOf, owners } from './owner.ts'
import { ApiTokenSchema, ApiTokenWithSecretSchema, IdSchema, NewApiTokenSchema } from './user-schema.ts'

const TokenListSchema = Type.Object({ tokens: list(ApiTokenSchema), ...nextCursor })

/** `/api/users/me/tokens`, `/api/users/{id}/tokens`: what programs sign in with. */
export const apiTokenRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'users' | 'apiTokens' | 'cursors'>> = async (
  app,
  { users, apiTokens, cursors },
) => {
  const tags = ['users']
  for (const { path, whose, params, config } of owners) {
    const listed = {
      tags,
      summary: `${whose} API tokens, newest first, the revoked ones too`,
      params,
      querystring: Type.Object(pageQuery, closed),
      response: { 200: TokenListSchema },
    }
    app.get(`${path}/tokens`, { schema: listed, config }, async request => {
      const { limit = 20, cursor } = request.query
      const { id } = await users.get(ownerOf(request))
      const key = ['tokens', id, callerOf(request).access.userId]
      const found = await apiTokens.list(id, { limit: limit + 1, before: cursors.open(key, cursor, undefined) })
      const tokens = found.slice(0, limit)
      const last = tokens.at(-1)
      return found.length > limit && last !== undefined
        ? { tokens, nextCursor: cursors.seal(key, last.id) }
        : { tokens }
    })

    const created = {
      tags,
      summary: `Make an API token in ${whose.toLowerCase()} name`,
      params,
      body: NewApiTokenSchema,
      response: { 201: ApiTokenWithSecretSchema },
    }
    app.post(
      `${path}/tokens`,
      { schema: created, config: { ...config, needsFreshPassword: true, givesSecret: true } },
      async (request, reply) => {
        const { name, expiresAt } = request.body
        const { tokenExpiresAt: latestExpiry } = callerOf(request)
        const token = { name, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt), latestExpiry }
        return reply.code(201).send(await apiTokens.create(ownerOf(request), token, actorOf(request)))
      },
    )

    const revoked = {
      tags,
      summary: `Revoke one of ${whose.toLowerCase()} API tokens`,
      params: Type.Object({ ...params.properties, tokenId: IdSchema }),
      response: noContent,
    }
    app.delete(`${path}/tokens/:tokenId`, { schema: revoked, config }, async (request, reply) => {
      await apiTokens.revoke(ownerOf(request), request.params.tokenId, actorOf(request))
      return reply.code(204).send(null)
    })
  }
}
