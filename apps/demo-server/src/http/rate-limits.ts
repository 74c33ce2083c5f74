import rateLimit from '@fastify/rate-limit'
import { TTLCache } from '@st/ttl-cache'
import type { FastifyInstance } from 'fastify'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import { Refusal } from '../refusal.ts'

/** How often one address may ask. */
export interface RateLimits {
  /** Requests a minute. Default: 6000. */
  readonly perMinute?: number | undefined
  /** Tries a minute to sign in. Default: 30. */
  readonly signInsPerMinute?: number | undefined
}

/** What a route sets to be counted by itself, with a lower limit: `config: { rateLimit: signInLimit(limits) }`. */
export function signInLimit({ signInsPerMinute = 30 }: RateLimits): {
  max: number
  timeWindow: number
  groupId: string
} {
  return { max: signInsPerMinute, timeWindow: 60_000, groupId: 'sign-in' }
}

/** Refuses what comes too often from one address, and records that once a minute. */
export async function limitRates(app: FastifyInstance, limits: RateLimits, writes: AuditedWrites): Promise<void> {
  const recorded = new TTLCache<true>({ name: 'rate-limits.recorded', defaultTtl: 60, maxSize: 1000 })
  app.addHook('onClose', async () => recorded.dispose())
  await app.register(rateLimit, {
    global: true,
    max: limits.perMinute ?? 6000,
    timeWindow: 60_000,
    cache: 10_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000))
      return Refusal.throttled('TOO_MANY_REQUESTS', `Too many requests: try again in ${seconds} s.`, seconds)
    },
    onExceeded: (request, address) => {
      if (recorded.has(address)) return
      recorded.set(address, true)
      const actor = { ip: request.ip, requestId: request.id }
      const refusal = new Refusal('throttled', 'TOO_MANY_REQUESTS', 'Too many requests.')
      const attempt = { type: 'security.rate_limited', actor, action: 'Sent too many requests' } as const
      // Whoever asked is refused either way.
      writes.refuse(attempt, refusal).catch((error: unknown) => request.log.error(error))
    },
  })
}
