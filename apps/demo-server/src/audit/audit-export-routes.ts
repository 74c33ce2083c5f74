import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { closed } from '../http/answer-schemas.ts'
import { actorOf } from '../http/caller.ts'
import type { Services } from '../services.ts'
import { auditCsv, auditNdjson } from './audit-export.ts'
import { filterOf, filterQuery } from './audit-schema.ts'

const mediaTypes = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const

const described = {
  description:
    'Oldest first. Of the whole log, the last line (NDJSON) or the trailer `Audit-Receipt` (CSV) holds the receipt that `POST /api/audit/remove-exported` takes.',
  content: {
    'application/x-ndjson': { schema: Type.Unsafe<Readable>(Type.String()) },
    'text/csv': { schema: Type.Unsafe<Readable>(Type.String()) },
  },
}

/**
 * `/api/audit/export`: the log as a file, read and sent a part at a time. The receipt comes last, so that who has it has
 * all of it; an export of a part of the log has none.
 */
export const auditExportRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'audit' | 'now'>> = async (
  app,
  { audit, now = () => new Date() },
) => {
  const schema = {
    tags: ['audit'],
    summary: 'The log, or what of it matches, as a file',
    querystring: Type.Object({ format: Type.Enum(['ndjson', 'csv']), ...filterQuery }, closed),
    response: { 200: described },
  }
  // A HEAD would record an export that was none.
  const options = { schema, config: { access: 'admin.audit' }, exposeHeadRoute: false } as const
  app.get('/api/audit/export', options, async (request, reply) => {
    const { format, ...query } = request.query
    const filter = filterOf(query)
    const isWhole = Object.keys(query).length === 0
    await audit.record({
      type: 'audit.exported',
      actor: actorOf(request),
      action: isWhole ? 'Exported the audit log' : 'Exported a part of the audit log',
      details: { format, ...query },
    })
    const { receipt } = await audit.export()
    const entries = audit.entries(filter, receipt.sequence)
    const told = isWhole ? receipt : undefined
    if (format === 'csv' && told !== undefined) reply.trailer('audit-receipt', async () => JSON.stringify(told))
    const lines = format === 'csv' ? auditCsv(entries) : auditNdjson(entries, told)
    const name = `audit-${now().toISOString().slice(0, 10)}.${format}`
    reply.type(mediaTypes[format]).header('content-disposition', `attachment; filename="${name}"`)
    return reply.send(Readable.from(inPieces(lines)))
  })
}

/** Lines are short; each by itself would be a write to the socket. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  let piece = ''
  for await (const line of lines) {
    piece += line
    if (piece.length < 65_536) continue
    yield piece
    piece = ''
  }
  yield piece
}
