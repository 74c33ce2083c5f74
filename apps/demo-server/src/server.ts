import helmet from '@fastify/helmet'
import type { SecretsManager } from '@st/secrets-core'
import fastify, { type FastifyInstance } from 'fastify'
import type { ChangeLog } from './changes/change-log.ts'
import type { ListenOptions } from './command-line.ts'
import { HttpProblem, sendProblem } from './http/problem.ts'
import { requireSameOrigin } from './http/same-origin.ts'
import { pageRoutes } from './page/page-routes.ts'
import { secretRoutes } from './secrets/secret-routes.ts'

/** What a server is made of. */
export interface ServerOptions {
  readonly secrets: SecretsManager
  readonly changes: ChangeLog
  readonly listen: ListenOptions
  /** Gets what a request failed with, where that is the server's own fault. */
  readonly onFailure: (error: unknown) => void
}

/** The server, not listening yet. */
export async function createServer({ secrets, changes, listen, onFailure }: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 256 * 1024,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    // An address that cannot be decoded does not reach the error handler below.
    frameworkErrors: sendProblem,
    // Fastify's defaults would drop unknown members and turn numbers into text instead of refusing them.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, request, reply) => {
    sendProblem(error, request, reply)
    if (reply.statusCode === 500) onFailure(error)
  })
  app.setNotFoundHandler(() => {
    throw new HttpProblem(404, 'NO_SUCH_PAGE', 'There is nothing at this address.')
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ['data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain HTTP on loopback.
    strictTransportSecurity: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    requireSameOrigin(request, listen)
  })
  await app.register(secretRoutes, { secrets, changes })
  await app.register(pageRoutes, { secrets, changes })
  return app
}
