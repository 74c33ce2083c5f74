import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { actorOf, callerOf } from '../http/caller.ts'
import { pageQuery } from '../http/cursor.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { IdSchema } from '../users/user-schema.ts'
import { auditEventTypes } from './audit-event.ts'
import type { AuditFilter } from './audit-filter.ts'
import type { AuditPage } from './audit-log.ts'
import {
  AuditEntrySchema,
  AuditPageQuerySchema,
  AuditPageSchema,
  filterOf,
  MomentSchema,
  momentOf,
  rangeMembers,
  ReceiptSchema,
  SequenceSchema,
  StatisticsSchema,
  VerificationSchema,
} from './audit-schema.ts'
import { removeExported } from './remove-exported.ts'

const dayMs = 24 * 3_600_000
/** What somebody who looks for an attack looks at first. */
const securityTypes = ['security.', 'auth.login.failed', 'auth.locked']

/** `/api/audit`: what was done and what was refused, and whether the log is as it was written. */
export const auditRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'audit' | 'cursors' | 'now'>> = async (
  app,
  { audit, cursors, now = () => new Date() },
) => {
  const tags = ['audit']
  const config = { access: 'admin.audit' } as const
  const page = async (
    request: FastifyRequest,
    { limit = 20, cursor }: { readonly limit?: number; readonly cursor?: string },
    filter: AuditFilter,
  ): Promise<Omit<AuditPage, 'nextBefore'> & { readonly nextCursor?: string }> => {
    const key = [request.routeOptions.url, callerOf(request).access.userId, filter]
    const before = cursors.open<number | undefined>(key, cursor, undefined)
    const { nextBefore, ...found } = await audit.page(filter, { limit, before })
    return nextBefore === undefined ? found : { ...found, nextCursor: cursors.seal(key, nextBefore) }
  }

  const listed = {
    tags,
    summary: 'Entries that match, newest first',
    querystring: AuditPageQuerySchema,
    response: { 200: AuditPageSchema },
  }
  app.get('/api/audit', { schema: listed, config }, async request =>
    page(request, request.query, filterOf(request.query)),
  )

  const viewed = {
    tags,
    summary: 'An entry',
    params: Type.Object({ sequence: SequenceSchema }),
    response: { 200: AuditEntrySchema },
  }
  app.get('/api/audit/:sequence', { schema: viewed, config }, async request => {
    const entry = await audit.entry(request.params.sequence)
    if (entry !== undefined) return entry
    throw new HttpProblem(404, 'ENTRY_NOT_FOUND', 'There is no such entry, or it was removed after an export.')
  })

  const counted = { tags, summary: 'What happened in the last 24 hours', response: { 200: StatisticsSchema } }
  app.get('/api/audit/stats', { schema: counted, config }, async () => {
    const since = new Date(now().getTime() - dayMs)
    return { since: since.toISOString(), ...(await audit.statistics(since)) }
  })

  const typed = {
    tags,
    summary: 'Every type of event',
    response: { 200: Type.Object({ types: list(Type.String()) }) },
  }
  app.get('/api/audit/types', { schema: typed, config }, async () => ({ types: auditEventTypes }))

  const ofUser = {
    tags,
    summary: 'What a user did, and what was done to the user, newest first',
    params: Type.Object({ id: IdSchema }),
    querystring: Type.Object(pageQuery, closed),
    response: { 200: AuditPageSchema },
  }
  app.get('/api/audit/user/:id', { schema: ofUser, config }, async request =>
    page(request, request.query, { userId: request.params.id }),
  )

  const ofSecurity = {
    tags,
    summary: 'Failed sign-ins and requests that were refused, newest first',
    querystring: Type.Object(pageQuery, closed),
    response: { 200: AuditPageSchema },
  }
  app.get('/api/audit/security', { schema: ofSecurity, config }, async request =>
    page(request, request.query, { types: securityTypes }),
  )

  const verified = { tags, summary: 'Whether the log, or a part of it, is as it was written' }
  app.get(
    '/api/audit/verify',
    {
      schema: { ...verified, querystring: Type.Object(rangeMembers, closed), response: { 200: VerificationSchema } },
      config,
    },
    async request => audit.verify(request.query),
  )
  app.post(
    '/api/audit/verify',
    {
      schema: {
        ...verified,
        summary: 'The same, and whether it still holds what a receipt of earlier shows',
        body: Type.Object({ ...rangeMembers, receipt: Type.Optional(ReceiptSchema) }, closed),
        response: { 200: VerificationSchema },
      },
      config,
    },
    async request => audit.verify(request.body),
  )

  const removed = {
    tags,
    summary: 'Remove what was exported and is older than a date',
    body: Type.Object({ before: MomentSchema, receipt: ReceiptSchema }, closed),
    response: { 200: Type.Object({ removed: Type.Integer({ description: 'How many entries.' }) }) },
  }
  app.post(
    '/api/audit/remove-exported',
    { schema: removed, config: { ...config, needsFreshPassword: true } },
    async request => {
      const { before, receipt } = request.body
      return { removed: await removeExported(audit, { before: momentOf(before), receipt }, actorOf(request)) }
    },
  )
}
