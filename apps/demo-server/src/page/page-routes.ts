import { readFileSync } from 'node:fs'
import type { FastifyPluginAsync } from 'fastify'
import type { AuditEntry } from '../audit/audit-event.ts'
import { wellKnownKeys } from '../secrets/secret-view.ts'
import type { Caller } from '../http/caller.ts'
import { Refusal } from '../refusal.ts'
import type { Services } from '../services.ts'
import { overviewPage, type SecretChange } from './overview-page.ts'
import { signInPage } from './sign-in-page.ts'

/** `/`: the page, made anew for each request from what the sources say then. */
export const pageRoutes: FastifyPluginAsync<Pick<Services, 'secrets' | 'audit' | 'users'>> = async (
  app,
  { secrets, audit, users },
) => {
  const style = readFileSync(new URL('style.css', import.meta.url))
  const forms = readFileSync(new URL('forms.js', import.meta.url))

  app.get('/', { schema: { hide: true }, config: { access: 'anyone' } }, async (request, reply) => {
    if (request.caller === undefined) {
      const isFirstRun = (await users.list({ limit: 1 })).length === 0
      return reply.type('text/html; charset=utf-8').send(signInPage({ isFirstRun }).toString())
    }
    requirePermission(request.caller)
    const list = await secrets.list({ include: wellKnownKeys, fresh: true })
    const { entries } = await audit.page({ types: ['secret.set', 'secret.deleted'], outcome: 'done' }, { limit: 10 })
    const overview = {
      list,
      providers: secrets.providers,
      changes: entries.map(changeOf),
      secretsFile: secrets.getSecretsFilePath(),
      origin: `${request.protocol}://${request.headers.host}`,
      user: request.caller.access.name,
    }
    return reply.type('text/html; charset=utf-8').send(overviewPage(overview).toString())
  })

  app.get('/style.css', { schema: { hide: true }, config: { access: 'anyone' } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(style),
  )

  const script = { schema: { hide: true }, config: { access: 'anyone' } } as const
  app.get('/forms.js', script, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(forms))
}

/** The page is open to strangers, who see the sign-in; what it shows to others is what `/api/secrets` tells. */
function requirePermission({ access }: Caller): void {
  if (access.permissions.includes('api.access')) return
  const message = 'This takes the permission api.access: ask an administrator.'
  throw new Refusal('forbidden', 'PERMISSION_NEEDED', message)
}

function changeOf({ occurredAt: changedAt, type, targetId }: AuditEntry): SecretChange {
  return { changedAt, action: type === 'secret.set' ? 'set' : 'deleted', key: targetId ?? '' }
}
