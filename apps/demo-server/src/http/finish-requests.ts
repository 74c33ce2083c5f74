import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** For how long a request that was read may go on when the server stops. */
const graceMs = 10_000

/**
 * When the server is closed, waits for what is being answered. Then it must end all connections: one on which half of a
 * request has come, or nothing, would keep it open.
 */
export function finishRequests(app: FastifyInstance): void {
  let underWay = 0
  let whenDone: (() => void) | undefined
  app.addHook('onRequest', async (_request, reply) => {
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
      if (underWay === 0) whenDone?.()
    })
  })
  app.addHook('preClose', async () => {
    if (underWay === 0) return
    const grace = new AbortController()
    const done = new Promise<void>(resolve => (whenDone = resolve))
    await Promise.race([done, delay(graceMs, undefined, { signal: grace.signal, ref: false }).catch(() => undefined)])
    grace.abort()
  })
}
