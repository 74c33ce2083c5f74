// The web console inside an application of your own: in Fastify behind the application's sign-in, and in a bare server.
import { createServer, type Server } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createConsole } from '@st/console'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { SecretsManager } from '@st/secrets-core'
import { TTLCache } from '@st/ttl-cache'

export const secrets = new SecretsManager({ providers: [new EnvironmentSecretProvider()] })
export const answers = new TTLCache<string>({ maxSize: 1000, defaultTtl: 60 })

/** Below `/console/` of a Fastify application, for whom the application takes for an operator. */
export function addConsole(app: FastifyInstance, isOperator: (request: FastifyRequest) => boolean): void {
  const mounted = createConsole({ manager: secrets, caches: { answers }, basePath: '/console', keys: ['HF_TOKEN'] })
  app.addHook('onClose', async () => mounted.close())
  for (const url of ['/console', '/console/*']) {
    app.all(url, async (request, reply) => {
      if (!isOperator(request)) return reply.code(403).send({ error: 'for operators' })
      reply.hijack()
      // Fastify has read the body by now.
      return mounted(Object.assign(request.raw, { body: request.body }), reply.raw)
    })
  }
}

/** A server that is the console and nothing else: for looking, on this machine. */
export function serveConsole(): Server {
  const mounted = createConsole({ manager: secrets, readOnly: true, title: 'Secrets of the trainer' })
  return createServer((request, response) => void mounted(request, response))
    .listen(0, '127.0.0.1')
    .once('close', () => mounted.close())
}
