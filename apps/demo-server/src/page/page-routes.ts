import { consoleAssets } from '@st/console'
import type { FastifyPluginAsync, FastifyReply, RouteShorthandOptions } from 'fastify'
import { formSchemas } from './form-schemas.ts'
import type { Services } from '../services.ts'

/** First segments of the console's addresses; any other address is nobody's, and stays so. */
const views = [
  'secrets',
  'credentials',
  'providers',
  'caches',
  'configuration',
  'prices',
  'audit',
  'keys',
  'users',
  'account',
]

/** The console: the same page at each of its addresses, to strangers too. What it shows it asks the API for. */
export const pageRoutes: FastifyPluginAsync<Pick<Services, 'users'>> = async (app, { users }) => {
  const answer = consoleAssets({ title: '@st demo', schemas: formSchemas })
  const open = { schema: { hide: true }, config: { access: 'anyone' } } as const satisfies RouteShorthandOptions

  for (const path of ['/', ...views.flatMap(view => [`/${view}`, `/${view}/*`])]) {
    app.get(path, open, async (request, reply) => {
      const isSignedIn = request.caller !== undefined
      const isFirstRun = !isSignedIn && (await users.list({ limit: 1 })).length === 0
      return answer(request.raw, leave(reply), { isSignedIn, isFirstRun })
    })
  }

  app.get('/assets/*', open, async (request, reply) => answer(request.raw, leave(reply)))
}

/** Leaves the answer to the console, with the headers that every answer of this server has. */
function leave(reply: FastifyReply): FastifyReply['raw'] {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  return reply.hijack().raw
}
