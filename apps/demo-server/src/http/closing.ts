import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborts when the server begins to close: for answers that would go on. */
    closing: AbortSignal
  }
}

/** To be called before what waits for requests under way. */
export function announceClosing(app: FastifyInstance): void {
  const closing = new AbortController()
  app.decorate('closing', closing.signal)
  app.addHook('preClose', async () => closing.abort())
}
