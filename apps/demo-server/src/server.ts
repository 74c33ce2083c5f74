import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { auditExportRoutes } from './audit/audit-export-routes.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { backupRoutes } from './backup/backup-routes.ts'
import { cacheRoutes } from './caches/cache-routes.ts'
import { credentialRoutes } from './credentials/credential-routes.ts'
import { credentialUseRoutes } from './credentials/credential-use-routes.ts'
import { staleCredentialRoutes } from './credentials/stale-credential-routes.ts'
import { doctorRoutes } from './doctor/doctor-routes.ts'
import { hardwareRoutes } from './hardware/hardware-routes.ts'
import { healthRoutes } from './health/health-routes.ts'
import { limitBodyTime } from './http/body-time.ts'
import { announceClosing } from './http/closing.ts'
import { finishRequests } from './http/finish-requests.ts'
import { repeatSafely } from './http/idempotency.ts'
import { describeRoutes } from './http/openapi.ts'
import { HttpProblem, isOwnFault, sendProblem } from './http/problem.ts'
import { readQueryNumbers } from './http/query-number.ts'
import { limitRates } from './http/rate-limits.ts'
import { guardRoutes } from './http/route-access.ts'
import { requireSameOrigin } from './http/same-origin.ts'
import { refuseAddress, refuseUnreadable } from './http/unreadable-requests.ts'
import { keyRoutes } from './key-rotation/key-routes.ts'
import { addMetrics } from './metrics/metrics-routes.ts'
import { pageRoutes } from './page/page-routes.ts'
import { providerConfigRoutes } from './provider-configs/provider-config-routes.ts'
import { providerTokenRoutes } from './provider-tokens/provider-token-routes.ts'
import { providerRoutes } from './providers/provider-routes.ts'
import { secretRoutes } from './secrets/secret-routes.ts'
import type { ServerSettings } from './server-settings.ts'
import type { Services } from './services.ts'
import { apiTokenRoutes } from './users/api-token-routes.ts'
import { sessionRoutes } from './users/session-routes.ts'
import { userRoutes } from './users/user-routes.ts'
import { userSessionRoutes } from './users/user-session-routes.ts'
import { webhookReceiverRoutes } from './webhooks/webhook-receiver-routes.ts'
import { webhookTestRoutes } from './webhooks/webhook-test-routes.ts'

/** What a server is made of. */
export interface ServerOptions {
  readonly services: Services
  readonly settings: ServerSettings
  /** Default: nothing is logged. */
  readonly log?: FastifyBaseLogger | undefined
  /** Gets what a request failed with, where that is the server's own fault. */
  readonly onFailure: (error: unknown) => void
}

/** The server, not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { services, settings } = options
  const app = makeApp(options)
  await protect(app, options)
  addMetrics(app, services)
  await app.register(sessionRoutes, { services, settings })
  await app.register(userRoutes, services)
  await app.register(userSessionRoutes, services)
  await app.register(apiTokenRoutes, services)
  await app.register(auditRoutes, services)
  await app.register(auditExportRoutes, services)
  await app.register(secretRoutes, services)
  await app.register(credentialRoutes, services)
  await app.register(credentialUseRoutes, services)
  await app.register(staleCredentialRoutes, services)
  await app.register(providerConfigRoutes, services)
  await app.register(providerTokenRoutes, services)
  await app.register(hardwareRoutes, services)
  await app.register(webhookReceiverRoutes, services)
  await app.register(webhookTestRoutes, services)
  await app.register(providerRoutes, services)
  await app.register(cacheRoutes, services)
  await app.register(keyRoutes, services)
  await app.register(healthRoutes, services)
  await app.register(doctorRoutes, services)
  await app.register(backupRoutes, services)
  await app.register(pageRoutes, services)
  return app
}

function makeApp({ settings, log, onFailure }: ServerOptions): FastifyInstance {
  const { tls, trustedProxies, requestTimeoutMs = 10_000 } = settings
  // Node looks for slow requests only every 30 seconds otherwise.
  const http = { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(1000, requestTimeoutMs) }
  const app: FastifyInstance = fastify({
    bodyLimit: 256 * 1024,
    // Limited below, but for their headers.
    requestTimeout: 0,
    // Once what is being answered is finished.
    forceCloseConnections: true,
    maxRequestsPerSocket: 10_000,
    routerOptions: { maxParamLength: 4096 },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Never the client's: it ends up in logs and in the audit log.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // One line for each, written below.
    logController: new LogController({ disableRequestLogging: true }),
    // An address that cannot be decoded does not reach the error handler below.
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseUnreadable,
    // Fastify's defaults would drop unknown members and turn numbers into text instead of refusing them.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    ...(log === undefined ? {} : { loggerInstance: log }),
    ...(tls === undefined ? { http } : { https: { ...http, ...tls, minVersion: 'TLSv1.2' } }),
  })
  limitBodyTime(app, requestTimeoutMs)
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, request, reply) => {
    sendProblem(error, request, reply)
    if (isOwnFault(error)) onFailure(error)
  })
  app.setNotFoundHandler(() => {
    throw new HttpProblem(404, 'NO_SUCH_PAGE', 'There is nothing at this address.')
  })
  return app
}

/** Pages load what this server sends, and no more. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join(';')

/** What holds for every request, in this order. */
async function protect(app: FastifyInstance, { services, settings }: ServerOptions): Promise<void> {
  await app.register(helmet, {
    // Sent below: helmet would put it together for each request.
    contentSecurityPolicy: false,
    // A name of this machine is not to be bound to HTTPS for other programs.
    strictTransportSecurity: settings.tls !== undefined && { maxAge: 31_536_000, includeSubDomains: false },
  })
  announceClosing(app)
  finishRequests(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy).header('x-request-id', request.id)
    // For caches that store all the same.
    reply.header('cache-control', 'no-store').header('vary', 'Authorization, Cookie')
    requireSameOrigin(request, settings)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip } = request
    // What somebody put behind a question mark by mistake may be a token.
    const [url] = request.url.split('?')
    const { statusCode: status, elapsedTime } = reply
    request.log.info({ ip, method, url, status, ms: Math.round(elapsedTime) }, 'answered')
  })
  await limitRates(app, settings.rateLimits, services.writes)
  await app.register(cookie)
  guardRoutes(app, services)
  readQueryNumbers(app)
  await describeRoutes(app)
  repeatSafely(app, { database: services.database, key: services.auditKey, now: services.now })
}
