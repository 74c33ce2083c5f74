import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Explanation } from '@st/secrets-core'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AuditEvent } from '../audit/audit-event.ts'
import { recordFirst } from '../audit/record-first.ts'
import { closed, noContent } from '../http/answer-schemas.ts'
import { actorOf } from '../http/caller.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { revealSecret } from './reveal-secret.ts'
import {
  keptSecretView,
  RevealedSecretSchema,
  SecretExplanationSchema,
  type SecretView,
  secretView,
  SecretViewSchema,
  wellKnownKeys,
} from './secret-view.ts'

const SecretListSchema = Type.Object({ secrets: Type.Array(SecretViewSchema) })
const KeySchema = Type.Object({ key: Type.String({ minLength: 1, maxLength: 256 }) })
const ValueSchema = Type.Object({ value: Type.String({ minLength: 1 }) }, closed)
const ReasonSchema = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 500, description: 'For the audit log.' })) },
  closed,
)
const FreshQuerySchema = Type.Object(
  {
    fresh: Type.Optional(
      Type.Boolean({ default: true, description: 'Whether the sources are asked; else what is kept is told.' }),
    ),
  },
  closed,
)

/** `/api/secrets`: who holds which key, writing to the secrets file, and seeing a value. */
export const secretRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'secrets' | 'audit' | 'providerWatch' | 'now'>
> = async (app, { secrets, audit, providerWatch, now = () => new Date() }) => {
  const tags = ['secrets']
  const explain = async (key: string, fresh = true): Promise<Explanation> => {
    const explanation = await secrets.explain(key, { fresh })
    providerWatch.note(explanation.steps)
    return explanation
  }
  const keptView = async (explanation: Explanation): Promise<SecretView> =>
    keptSecretView(explanation, await secrets.resolve(explanation.key), now())

  const listed = {
    tags,
    summary: 'Every key, and who holds it',
    querystring: FreshQuerySchema,
    response: { 200: SecretListSchema },
  }
  app.get('/api/secrets', { schema: listed, config: { access: 'api.access' } }, async request => {
    const { fresh = true } = request.query
    const { keys } = await secrets.list({ include: wellKnownKeys, fresh })
    for (const { steps } of keys) providerWatch.note(steps)
    return { secrets: fresh ? keys.map(secretView) : await Promise.all(keys.map(keptView)) }
  })

  const viewed = {
    tags,
    summary: 'A key, and who holds it',
    params: KeySchema,
    querystring: FreshQuerySchema,
    response: { 200: SecretViewSchema },
  }
  app.get('/api/secrets/:key', { schema: viewed, config: { access: 'api.access' } }, async request => {
    const { fresh = true } = request.query
    const explanation = await explain(request.params.key, fresh)
    const secret = fresh ? secretView(explanation) : await keptView(explanation)
    if (!secret.found) throw notFound(secret)
    return secret
  })

  const explained = {
    tags,
    summary: 'What became of a key at every provider',
    params: KeySchema,
    response: { 200: SecretExplanationSchema },
  }
  app.get('/api/secrets/:key/explain', { schema: explained, config: { access: 'api.access' } }, async request => {
    const { source, shadowed, ...explanation } = await explain(request.params.key)
    return { ...explanation, source: source ?? null, shadowed: [...shadowed] }
  })

  const stored = {
    tags,
    summary: 'Store a value in the secrets file',
    params: KeySchema,
    body: ValueSchema,
    response: { 200: SecretViewSchema },
  }
  app.post('/api/secrets/:key', { schema: stored, config: { access: 'secrets.write' } }, async request => {
    const key = printable(request.params.key)
    const event = changeOf(request, { type: 'secret.set', action: 'Set a secret' }, key)
    await recordFirst(audit, event, async () => secrets.setSecret(key, request.body.value))
    return secretView(await explain(key))
  })

  const deleted = { tags, summary: 'Delete a key from the secrets file', params: KeySchema, response: noContent }
  app.delete('/api/secrets/:key', { schema: deleted, config: { access: 'secrets.write' } }, async (request, reply) => {
    const key = printable(request.params.key)
    const event = changeOf(request, { type: 'secret.deleted', action: 'Deleted a secret' }, key)
    await recordFirst(audit, event, async () => {
      if (!(await secrets.deleteSecret(key))) throw nothingToDeleteFrom()
    })
    return reply.code(204).send(null)
  })

  const revealed = {
    tags,
    summary: 'See a value',
    params: KeySchema,
    body: ReasonSchema,
    response: { 200: RevealedSecretSchema },
  }
  const guarded = { access: 'secrets.reveal', needsFreshPassword: true, givesSecret: true } as const
  app.post('/api/secrets/:key/reveal', { schema: revealed, config: guarded }, async request => {
    const { key } = request.params
    const { reason } = request.body
    const secret = await revealSecret({ secrets, audit }, key, { actor: actorOf(request), reason })
    const told = { key, value: secret.reveal(), source: secret.source }
    return secret.version === undefined ? told : { ...told, version: secret.version }
  })
}

function changeOf(request: FastifyRequest, event: Pick<AuditEvent, 'type' | 'action'>, key: string): AuditEvent {
  return { ...event, actor: actorOf(request), target: { type: 'secret', id: key } }
}

/** Keys end up in files and on pages; one with a control character is a mistake or an attack. */
function printable(key: string): string {
  if (!/\p{Cc}/u.test(key)) return key
  throw new HttpProblem(400, 'INVALID_KEY', 'A key has no control characters.')
}

function nothingToDeleteFrom(): HttpProblem {
  return new HttpProblem(404, 'NOTHING_TO_DELETE_FROM', 'There is no secrets file to delete from.')
}

function notFound({ key, unresolved }: SecretView): HttpProblem {
  if (unresolved === undefined) return new HttpProblem(404, 'ST_SECRETS_MISSING', `No provider has "${key}".`)
  const who = unresolved.map(({ provider, kind }) => `${provider} (${kind})`).join(', ')
  return new HttpProblem(503, 'ST_SECRETS_UNRESOLVED', `Nobody has "${key}", and somebody could not be asked: ${who}.`)
}
