import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { list, noContent } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import type { Services } from '../services.ts'
import { ownerOf, owners } from './owner.ts'
import { IdSchema, SessionSchema } from './user-schema.ts'

const SessionListSchema = Type.Object({ sessions: list(SessionSchema) })
const EndedSchema = Type.Object({ ended: Type.Integer({ description: 'How many sessions have ended.' }) })

/** `/api/users/me/sessions`, `/api/users/{id}/sessions`: where somebody is signed in, and ending that from afar. */
export const userSessionRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'users' | 'sessions'>> = async (
  app,
  { users, sessions },
) => {
  const tags = ['users']
  for (const { path, whose, params, config } of owners) {
    const listed = { tags, summary: `${whose} sessions, newest first`, params, response: { 200: SessionListSchema } }
    app.get(`${path}/sessions`, { schema: listed, config }, async request => {
      const { id } = await users.get(ownerOf(request))
      const current = callerOf(request).session?.id
      const found = await sessions.list(id)
      return { sessions: found.map(session => Object.assign({ isCurrent: session.id === current }, session)) }
    })

    const allEnded = {
      tags,
      summary: `End ${whose.toLowerCase()} sessions, all but the one that asks`,
      params,
      response: { 200: EndedSchema },
    }
    app.delete(`${path}/sessions`, { schema: allEnded, config }, async request => {
      const { id } = await users.get(ownerOf(request))
      return { ended: await sessions.revoke(id, actorOf(request), { except: callerOf(request).session?.id }) }
    })

    const oneEnded = {
      tags,
      summary: `End one of ${whose.toLowerCase()} sessions`,
      params: Type.Object({ ...params.properties, sessionId: IdSchema }),
      response: noContent,
    }
    app.delete(`${path}/sessions/:sessionId`, { schema: oneEnded, config }, async (request, reply) => {
      await sessions.revoke(ownerOf(request), actorOf(request), { only: request.params.sessionId })
      return reply.code(204).send(null)
    })
  }
}
