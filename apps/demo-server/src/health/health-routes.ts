import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { list } from '../http/answer-schemas.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Services } from '../services.ts'
import { overallStatus } from './component.ts'

const AliveSchema = Type.Object({ status: Type.Literal('ok') })

const HealthSchema = Type.Object({
  status: Type.Enum(['healthy', 'degraded', 'unhealthy'], { description: 'The gravest of all.' }),
  components: list(
    Type.Object({
      name: Type.String({ description: '`database`, `credential-key`, `audit-log`, `caches`, `provider:…`.' }),
      status: Type.Enum(['healthy', 'degraded', 'unhealthy', 'off']),
      latencyMs: Type.Optional(Type.Number({ minimum: 0 })),
      message: Type.Optional(Type.String()),
      fix: Type.Optional(Type.String()),
    }),
  ),
})

/**
 * `/health/…` for what runs the server, and the same under the paths that SimpleTuner has. Strangers learn whether it can
 * be used; what is wrong is for who is signed in.
 */
export const healthRoutes: FastifyPluginAsyncTypebox<Pick<Services, 'health'>> = async (app, { health }) => {
  const tags = ['server']
  const alive = (summary: string): object => ({ tags, summary, response: { 200: AliveSchema } })

  for (const [path, note] of [
    ['/health/live', ''],
    ['/api/cloud/metrics/live', ', under SimpleTuner’s path'],
  ] as const) {
    const schema = alive(`Whether the server runs${note}`)
    app.get(path, { schema, config: { access: 'anyone' } }, async () => ({ status: 'ok' }))
  }

  for (const [path, note] of [
    ['/health/ready', ''],
    ['/api/cloud/metrics/ready', ', under SimpleTuner’s path'],
  ] as const) {
    const schema = alive(`Whether the server can be used${note}`)
    app.get(path, { schema, config: { access: 'anyone' } }, async () => {
      const broken = (await health.essentials()).filter(({ status }) => status !== 'healthy')
      if (broken.length === 0) return { status: 'ok' }
      const names = broken.map(({ name }) => name).join(', ')
      throw new HttpProblem(503, 'NOT_READY', `The server cannot be used at present: ${names}.`).after(1)
    })
  }

  const reported = { tags, summary: 'How each part of the server is', response: { 200: HealthSchema } }
  app.get('/api/cloud/metrics/health', { schema: reported, config: { access: 'api.access' } }, async () => {
    const components = await health.all()
    return { status: overallStatus(components), components }
  })
}
