import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { Type } from 'typebox'
import { problemMediaType, ProblemSchema } from './problem.ts'

/** Describes all routes that are added after it as OpenAPI 3.1, and gives each the answers that all have. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  app.addSchema(ProblemSchema)
  app.addHook('onRoute', addProblems)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '@st demo server',
        description:
          'Secrets, credentials, provider configurations and what was done with them. Refusals are problem details (RFC 9457) with a stable `code`.',
        version: '1',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-st-session' },
        },
      },
    },
    refResolver: { buildLocalReference: ({ $id }) => (typeof $id === 'string' ? $id : 'Unnamed') },
    transform: ({ schema, url, route }) => {
      const { access } = route.config ?? {}
      const security = access === 'anyone' ? [] : [{ token: [] }, { session: [] }]
      const needs = access === 'anyone' || access === 'signed-in' ? {} : { 'x-permission': access }
      // What a route says of itself stays; these come from who may use it.
      return { schema: { ...schema, security, ...needs }, url }
    },
  })
  const documented = { tags: ['server'], summary: 'This description', response: { 200: Type.Unknown() } }
  app.get('/api/openapi.json', { schema: documented, config: { access: 'signed-in' } }, async () => app.swagger())
}

/** Every route may be refused or fail, and says so in one way. */
function addProblems(route: RouteOptions): void {
  const problem = {
    description: 'Why it was refused, or failed.',
    content: { [problemMediaType]: { schema: { $ref: 'Problem#' } } },
  }
  const { response = {} } = route.schema ?? {}
  // Fastify's type of `response` is `unknown`; it is an object of schemas by status.
  route.schema = { ...route.schema, response: { ...(response as object), '4xx': problem, '5xx': problem } }
}
