import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import { expectedVersion, sendVersion } from '../http/etag.ts'
import type { Services } from '../services.ts'
import { ownerOf, owners } from '../users/owner.ts'
import { CredentialSchema } from './credential-schema.ts'
import {
  type CredentialSettings,
  readCredentialSettings,
  type StoredCredentialSettings,
  writeCredentialSettings,
} from './credential-settings.ts'

const days = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 365, description: 'Unchanged for so many. Default: the setting.' }),
)
const StaleListSchema = Type.Object({ credentials: list(CredentialSchema), ...nextCursor })
const StaleCountSchema = Type.Object({
  thresholdDays: Type.Integer(),
  total: Type.Integer({ description: 'Of all users, those that are not listed too.' }),
  users: list(
    Type.Object({ userId: Type.Integer(), name: Type.String(), stale: Type.Integer({ description: 'How many.' }) }),
  ),
})
/** When credentials are old; the names are SimpleTuner's (R129). */
export const CredentialSettingsSchema = Type.Object(
  {
    stale_threshold_days: Type.Integer({ minimum: 1, maximum: 365 }),
    early_warning_enabled: Type.Boolean({ description: 'Whether one is shown as expiring before that.' }),
    early_warning_percent: Type.Integer({ minimum: 1, maximum: 99, description: 'From which part of it on.' }),
  },
  closed,
)

/** Which credentials are old, and the settings that say when they are (R128, R129). */
export const staleCredentialRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'users' | 'staleCredentials' | 'cursors' | 'database' | 'writes'>
> = async (app, { users, staleCredentials, cursors, database, writes }) => {
  const tags = ['credentials']
  for (const { path, whose, params, config } of owners) {
    const listed = {
      tags,
      summary: `${whose} credentials that were not changed for long, the longest unchanged first`,
      params,
      querystring: Type.Object({ ...pageQuery, days }, closed),
      response: { 200: StaleListSchema },
    }
    app.get(`${path}/credentials/stale`, { schema: listed, config }, async request => {
      const { id: userId } = await users.get(ownerOf(request))
      const { limit = 20, cursor, days: asked } = request.query
      const key = ['stale credentials', userId, callerOf(request).access.userId, asked]
      const page = { userId, days: asked, limit: limit + 1, after: cursors.open(key, cursor, undefined) }
      const found = await staleCredentials.list(page)
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return found.length > limit && last !== undefined
        ? { credentials: shown, nextCursor: cursors.seal(key, { updatedAt: last.updatedAt, id: last.id }) }
        : { credentials: shown }
    })
  }

  const counted = {
    tags,
    summary: 'Which users have credentials that were not changed for long, the 100 with the most of them first',
    querystring: Type.Object({ days }, closed),
    response: { 200: StaleCountSchema },
  }
  app.post(
    '/api/users/credentials/check-stale',
    { schema: counted, config: { access: 'admin.users' } },
    async request => staleCredentials.count(request.query.days),
  )

  const told = { tags, response: { 200: CredentialSettingsSchema } }
  const viewed = { ...told, summary: 'When credentials count as old' }
  app.get('/api/cloud/settings/credentials', { schema: viewed, config: { access: 'api.access' } }, async (_, reply) =>
    sendSettings(reply, await readCredentialSettings(database.reads)),
  )

  const changed = {
    ...told,
    summary: 'Set when credentials count as old; takes If-Match',
    body: CredentialSettingsSchema,
  }
  app.put(
    '/api/cloud/settings/credentials',
    { schema: changed, config: { access: 'admin.users' } },
    async (request, reply) => {
      const settings = settingsOf(request.body)
      const change = { settings, expectedVersion: expectedVersion(request), actor: actorOf(request) }
      return sendSettings(reply, await writeCredentialSettings(writes, change))
    },
  )
}

function settingsOf(sent: Type.Static<typeof CredentialSettingsSchema>): CredentialSettings {
  return {
    staleThresholdDays: sent.stale_threshold_days,
    isEarlyWarningEnabled: sent.early_warning_enabled,
    earlyWarningPercent: sent.early_warning_percent,
  }
}

function sendSettings(reply: FastifyReply, { version, ...settings }: StoredCredentialSettings): FastifyReply {
  sendVersion(reply, version)
  return reply.send({
    stale_threshold_days: settings.staleThresholdDays,
    early_warning_enabled: settings.isEarlyWarningEnabled,
    early_warning_percent: settings.earlyWarningPercent,
  })
}
