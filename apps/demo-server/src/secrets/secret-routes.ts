import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SecretsManager } from '@st/secrets-core'
import { Type } from 'typebox'
import type { ChangeLog } from '../changes/change-log.ts'
import { HttpProblem } from '../http/problem.ts'
import { type SecretView, secretView, SecretViewSchema, wellKnownKeys } from './secret-view.ts'

/** What the routes need. */
export interface SecretRoutesOptions {
  readonly secrets: SecretsManager
  readonly changes: ChangeLog
}

const SecretListSchema = Type.Object({ secrets: Type.Array(SecretViewSchema) })
const KeySchema = Type.Object({ key: Type.String({ minLength: 1, maxLength: 256 }) })
const ValueSchema = Type.Object({ value: Type.String({ minLength: 1 }) }, { additionalProperties: false })

/** `/api/secrets`: who holds which key, and writing to the secrets file. Every answer is read at the sources. */
export const secretRoutes: FastifyPluginAsyncTypebox<SecretRoutesOptions> = async (app, { secrets, changes }) => {
  const view = async (key: string): Promise<SecretView> => secretView(await secrets.explain(key, { fresh: true }))

  const listed = { response: { 200: SecretListSchema } }
  app.get('/api/secrets', { schema: listed }, async () => {
    const { keys } = await secrets.list({ include: wellKnownKeys, fresh: true })
    return { secrets: keys.map(secretView) }
  })

  const viewed = { params: KeySchema, response: { 200: SecretViewSchema } }
  app.get('/api/secrets/:key', { schema: viewed }, async request => {
    const secret = await view(request.params.key)
    if (!secret.found) throw notFound(secret)
    return secret
  })

  const stored = { params: KeySchema, body: ValueSchema, response: { 200: SecretViewSchema } }
  app.post('/api/secrets/:key', { schema: stored }, async request => {
    const key = printable(request.params.key)
    await secrets.setSecret(key, request.body.value)
    await changes.record('set', key)
    return view(key)
  })

  app.delete('/api/secrets/:key', { schema: { params: KeySchema } }, async (request, reply) => {
    const key = printable(request.params.key)
    if (!(await secrets.deleteSecret(key))) {
      throw new HttpProblem(404, 'NOTHING_TO_DELETE_FROM', 'There is no secrets file to delete from.')
    }
    await changes.record('deleted', key)
    return reply.code(204).send()
  })
}

/** Keys end up in files and on pages; one with a control character is a mistake or an attack. */
function printable(key: string): string {
  if (!/\p{Cc}/u.test(key)) return key
  throw new HttpProblem(400, 'INVALID_KEY', 'A key has no control characters.')
}

function notFound({ key, unresolved }: SecretView): HttpProblem {
  if (unresolved === undefined) return new HttpProblem(404, 'ST_SECRETS_MISSING', `No provider has "${key}".`)
  const who = unresolved.map(({ provider, kind }) => `${provider} (${kind})`).join(', ')
  return new HttpProblem(503, 'ST_SECRETS_UNRESOLVED', `Nobody has "${key}", and somebody could not be asked: ${who}.`)
}
