import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { SecretsManager } from '@st/secrets-core'
import type { LoadEvent } from '@st/ttl-cache'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter, Histogram, Registry } from 'prom-client'
import type { AuditLog } from '../audit/audit-log.ts'
import type { ServerCaches } from '../caches/server-caches.ts'
import type { ProviderWatch } from '../providers/provider-watch.ts'
import { cacheMetrics } from './cache-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import { providerMetrics } from './provider-metrics.ts'

/** What is measured. */
export interface ServerMetricsContext {
  readonly caches: Pick<ServerCaches, 'all'>
  readonly secrets: Pick<SecretsManager, 'stats'>
  readonly providerWatch: ProviderWatch
  readonly audit: Pick<AuditLog, 'receipt'>
}

/** Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Figures for Prometheus. Labels are names that the program has: of caches, providers, routes. None is a key, a user or
 * anything else that somebody chose.
 */
export class ServerMetrics {
  readonly #parts: ServerMetricsContext
  readonly #registry = new Registry()
  readonly #eventLoop = monitorEventLoopDelay({ resolution: 20 })
  readonly #requests = new Histogram({
    name: 'st_http_request_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.#registry],
    buckets,
  })
  readonly #reads = new Counter({
    name: 'st_secrets_reads_total',
    help: 'How often a provider was asked for a key, and what became of it.',
    labelNames: ['provider', 'outcome'],
    registers: [this.#registry],
  })
  readonly #readSeconds = new Histogram({
    name: 'st_secrets_read_seconds',
    help: 'How long providers took to answer.',
    labelNames: ['provider'],
    registers: [this.#registry],
    buckets,
  })
  readonly #loads = new Histogram({
    name: 'st_cache_load_seconds',
    help: 'How long it took to load what a cache did not hold.',
    labelNames: ['cache'],
    registers: [this.#registry],
    buckets,
  })

  constructor(parts: ServerMetricsContext) {
    this.#parts = parts
    const { caches, secrets, audit } = parts
    const told = [
      ...cacheMetrics(caches),
      ...providerMetrics(secrets),
      ...processMetrics({ audit, eventLoop: this.#eventLoop }),
    ]
    for (const metric of told) this.#registry.registerMetric(metric)
  }

  /** Begins to measure. */
  start(): void {
    this.#eventLoop.enable()
    subscribe('st:cache.load', this.#onLoad)
    this.#parts.providerWatch.listen(({ provider, outcome, durationMs }) => {
      this.#reads.inc({ provider, outcome })
      this.#readSeconds.observe({ provider }, durationMs / 1000)
    })
  }

  /** Ends that. */
  stop(): void {
    this.#eventLoop.disable()
    unsubscribe('st:cache.load', this.#onLoad)
  }

  /** A request was answered. */
  noteRequest(request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
    // Addresses that are no route would be as many as somebody likes to ask for.
    const route = request.routeOptions.url ?? 'none'
    this.#requests.observe({ method: request.method, route, status: statusCode }, elapsedTime / 1000)
  }

  /** Everything, in the text format of Prometheus. */
  async text(): Promise<{ readonly mediaType: string; readonly body: string }> {
    return { mediaType: this.#registry.contentType, body: await this.#registry.metrics() }
  }

  // Subscribers get `unknown`; the channel of the cache says what it publishes.
  readonly #onLoad = (message: unknown): void => {
    const load = message as LoadEvent
    const cache = this.#parts.caches.all.find(known => known.isOwn(load))?.name
    if (cache !== undefined) this.#loads.observe({ cache }, load.durationMs / 1000)
  }
}
