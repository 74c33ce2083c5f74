import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { list } from '../http/answer-schemas.ts'
import { findingView } from '../providers/provider-schema.ts'
import type { Services } from '../services.ts'
import { examine } from './doctor.ts'

const DoctorSchema = Type.Object({
  findings: list(
    Type.Object({
      area: Type.String({ description: '`provider:…`, `secrets`, `files`, `key` or `audit`.' }),
      id: Type.String({ description: 'Stable; branch on this.' }),
      severity: Type.Enum(['error', 'warning', 'info']),
      message: Type.String(),
      fix: Type.Optional(Type.String({ description: 'What to do about it.' })),
    }),
  ),
})

/** `/api/doctor`: what is wrong with this installation, and what to do about it. */
export const doctorRoutes: FastifyPluginAsyncTypebox<
  Pick<Services, 'secrets' | 'providerChecks' | 'key' | 'audit' | 'folder'>
> = async (app, services) => {
  const schema = {
    tags: ['server'],
    summary: 'What is wrong or should not stay so, the gravest first',
    response: { 200: DoctorSchema },
  }
  app.get('/api/doctor', { schema, config: { access: 'api.access' } }, async () => ({
    findings: (await examine(services)).map(({ area, ...finding }) => Object.assign(findingView(finding), { area })),
  }))
}
