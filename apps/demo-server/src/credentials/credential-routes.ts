import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { closed, list, noContent } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import type { Services } from '../services.ts'
import { ownerOf, owners } from '../users/owner.ts'
import { credentialKeyOf } from './credential-key-of.ts'
import {
  CredentialChangeSchema,
  credentialParams,
  CredentialSchema,
  CredentialVersionSchema,
  NewCredentialSchema,
} from './credential-schema.ts'

const CredentialListSchema = Type.Object({ credentials: list(CredentialSchema), ...nextCursor })
const PageSchema = Type.Object(
  { ...pageQuery, provider: Type.Optional(Type.String({ maxLength: 600, description: 'Default: all.' })) },
  closed,
)
const HistorySchema = Type.Object({ versions: list(CredentialVersionSchema) })
const VersionSchema = Type.Object(
  { version: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'As the history has it.' }) },
  closed,
)
const RevocationSchema = Type.Object(
  { provider: Type.Optional(Type.String({ maxLength: 600, description: 'Default: those for all providers.' })) },
  closed,
)

/** `/api/users/me/credentials`, `/api/users/{id}/credentials`: storing and removing; never a value in an answer. */
export const credentialRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'users' | 'credentials' | 'cursors'>> = async (
  app,
  { users, credentials, cursors },
) => {
  const tags = ['credentials']
  for (const { path, whose, params, config } of owners) {
    const slot = Type.Object({ ...params.properties, ...credentialParams })
    const one = `${path}/credentials/:provider/:name`
    const belonging = whose.toLowerCase()

    const listed = {
      tags,
      summary: `${whose} credentials, by provider and name`,
      params,
      querystring: PageSchema,
      response: { 200: CredentialListSchema },
    }
    app.get(`${path}/credentials`, { schema: listed, config }, async request => {
      const { limit = 20, cursor, provider } = request.query
      const { id } = await users.get(ownerOf(request))
      const key = ['credentials', id, callerOf(request).access.userId, provider]
      const page = { limit: limit + 1, provider, after: cursors.open(key, cursor, undefined) }
      const found = await credentials.list(id, page)
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return found.length > limit && last !== undefined
        ? { credentials: shown, nextCursor: cursors.seal(key, { provider: last.provider, name: last.name }) }
        : { credentials: shown }
    })

    const stored = {
      tags,
      summary: `Store one of ${belonging} credentials; one that is there gets the value and is active again`,
      params,
      body: NewCredentialSchema,
      response: { 200: CredentialSchema, 201: CredentialSchema },
    }
    app.post(`${path}/credentials`, { schema: stored, config }, async (request, reply) => {
      const { provider, name, ...change } = request.body
      const key = credentialKeyOf(request, { provider, name })
      const credential = await credentials.set(key, change, actorOf(request))
      return reply.code(credential.version === 1 ? 201 : 200).send(credential)
    })

    const told = { tags, params: slot, response: { 200: CredentialSchema } }
    const viewed = { ...told, summary: `One of ${belonging} credentials` }
    app.get(one, { schema: viewed, config }, async request => credentials.get(credentialKeyOf(request, request.params)))

    const described = {
      ...told,
      summary: `Describe one of ${belonging} credentials`,
      body: CredentialChangeSchema,
    }
    app.patch(one, { schema: described, config }, async request => {
      const key = credentialKeyOf(request, request.params)
      return credentials.describe(key, request.body.description, actorOf(request))
    })

    const deleted = {
      tags,
      summary: `Remove one of ${belonging} credentials, with its history`,
      params: slot,
      response: noContent,
    }
    app.delete(one, { schema: deleted, config }, async (request, reply) => {
      await credentials.delete(credentialKeyOf(request, request.params), actorOf(request))
      return reply.code(204).send(null)
    })

    for (const isActive of [true, false]) {
      const verb = isActive ? 'activate' : 'deactivate'
      const switched = {
        ...told,
        summary: `Let one of ${belonging} credentials be used ${isActive ? 'again' : 'no more'}`,
      }
      app.post(`${one}/${verb}`, { schema: switched, config }, async request => {
        const key = credentialKeyOf(request, request.params)
        return credentials.setActive(key, isActive, actorOf(request))
      })
    }

    const traced = {
      tags,
      summary: `The values that one of ${belonging} credentials has had, newest first, without the values`,
      params: slot,
      response: { 200: HistorySchema },
    }
    app.get(`${one}/history`, { schema: traced, config }, async request => ({
      versions: await credentials.history(credentialKeyOf(request, request.params)),
    }))

    const restored = {
      ...told,
      summary: `Take up a value that one of ${belonging} credentials has had, as a new version`,
      body: VersionSchema,
    }
    app.post(`${one}/restore`, { schema: restored, config }, async request => {
      const key = credentialKeyOf(request, request.params)
      return credentials.restore(key, request.body.version, actorOf(request))
    })

    const revoked = {
      tags,
      summary: `Revoke ${belonging} credentials: remove all of them, or those for one provider. Keys are rotated elsewhere`,
      params,
      body: RevocationSchema,
      response: { 200: Type.Object({ revoked: Type.Integer({ description: 'How many there were.' }) }) },
    }
    app.post(`${path}/credentials/rotate`, { schema: revoked, config }, async request => {
      const { id } = await users.get(ownerOf(request))
      return { revoked: await credentials.revoke(id, request.body.provider, actorOf(request)) }
    })
  }
}
