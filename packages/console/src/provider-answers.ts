import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  diagnosticChannels,
  type NamedHealth,
  type ProviderStats,
  type ResolutionTrace,
  type SecretProvider,
  type SecretsManager,
  type TraceStep,
} from '@st/secrets-core'
import { TTLCache } from '@st/ttl-cache'
import { Refused } from './answers.ts'
import type { FindingView, ProviderHealthView, ProviderView } from './api-shapes.ts'

interface Seen {
  readonly latencies: number[]
  lastOkAt?: string
  lastFailure?: { readonly kind: string; readonly at: string }
}

type Checked = NamedHealth & { readonly checkedAt: string }

const latestAnswers = 200
/** For how many seconds a report is good: whoever looks often does not ask the sources each time. */
const keptFor = 10

/** What the console tells about providers. */
export class ProviderAnswers {
  readonly #manager: SecretsManager
  readonly #now: () => number
  readonly #seen = new Map<string, Seen>()
  readonly #reports: TTLCache<readonly Checked[]>

  /** Begins to follow what the manager reads. */
  constructor(manager: SecretsManager, now: () => number) {
    this.#manager = manager
    this.#now = now
    this.#reports = new TTLCache({ defaultTtl: keptFor })
    subscribe(diagnosticChannels.resolve, this.#onResolve)
  }

  /** Ends that. */
  stop(): void {
    unsubscribe(diagnosticChannels.resolve, this.#onResolve)
  }

  /** Takes note of what became of providers that were asked. */
  note(steps: readonly TraceStep[]): void {
    for (const { provider, outcome, attempts, kind = 'internal', durationMs } of steps) {
      if (attempts === 0) continue
      if (outcome === 'failed') this.#noteFailure(provider, kind)
      else this.#noteAnswer(provider, durationMs)
    }
  }

  /** Every provider, in the order in which they are asked. */
  list(): readonly ProviderView[] {
    const { providers } = this.#manager
    return this.#manager.stats().providers.map((counters, index) => this.#view(counters, providers[index]))
  }

  /** What one says of itself. @throws Refused 404 */
  async health(name: string, isNow: boolean): Promise<ProviderHealthView> {
    const reports = await this.#reports.getOrSetAsync('all', () => this.#check(), { fresh: isNow })
    const report = reports.find(({ provider }) => provider === name)
    if (report !== undefined) return healthOf(report)
    throw new Refused(404, 'PROVIDER_NOT_FOUND', 'There is no such provider of secrets.')
  }

  async #check(): Promise<readonly Checked[]> {
    const reports = await this.#manager.checkHealth()
    for (const { provider, status, kind, latencyMs } of reports) {
      if (status === 'failed') this.#noteFailure(provider, kind ?? 'internal')
      else if (status !== 'not_configured') this.#noteAnswer(provider, latencyMs)
    }
    const checkedAt = new Date(this.#now()).toISOString()
    return reports.map(report => Object.assign({}, report, { checkedAt }))
  }

  #view({ provider: name, ...counters }: ProviderStats, provider: SecretProvider | undefined): ProviderView {
    const { latencies, lastOkAt, lastFailure } = this.#of(name)
    const sorted = latencies.toSorted((left, right) => left - right)
    const [p50, p95] = [sorted[Math.floor(sorted.length * 0.5)], sorted[Math.floor(sorted.length * 0.95)]]
    return {
      name,
      available: isAvailable(provider),
      facts: factsOf(provider),
      ...counters,
      ...(p50 === undefined || p95 === undefined ? {} : { latencyMs: { p50, p95 } }),
      ...(lastOkAt === undefined ? {} : { lastOkAt }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    }
  }

  #noteAnswer(provider: string, durationMs: number | undefined): void {
    const seen = this.#of(provider)
    seen.lastOkAt = new Date(this.#now()).toISOString()
    if (durationMs === undefined) return
    seen.latencies.push(durationMs)
    if (seen.latencies.length > latestAnswers) seen.latencies.shift()
  }

  #noteFailure(provider: string, kind: string): void {
    this.#of(provider).lastFailure = { kind, at: new Date(this.#now()).toISOString() }
  }

  #of(provider: string): Seen {
    const known = this.#seen.get(provider) ?? { latencies: [] }
    this.#seen.set(provider, known)
    return known
  }

  // Subscribers get `unknown`; the core says what it publishes.
  readonly #onResolve = (message: unknown): void => this.note((message as ResolutionTrace).steps)
}

/** One that fails here is asked, and its failure told. */
function isAvailable(provider: SecretProvider | undefined): boolean {
  try {
    return provider?.isAvailable() ?? false
  } catch {
    return true
  }
}

function factsOf(provider: SecretProvider | undefined): ProviderView['facts'] {
  const facts = Object.entries(provider?.describe?.() ?? {})
  return Object.fromEntries(facts.flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact] as const])))
}

function healthOf({ provider, status, kind, latencyMs, findings, checkedAt }: Checked): ProviderHealthView {
  const seconds = findings.flatMap(({ message }) => /^The token expires in (\d{1,12}) s/.exec(message)?.[1] ?? [])[0]
  return {
    provider,
    status,
    ...(kind === undefined ? {} : { kind }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    findings: findings.map(findingOf),
    sealed: findings.some(({ id }) => id.endsWith('.sealed')),
    ...(seconds === undefined ? {} : { tokenSeconds: Number(seconds) }),
    checkedAt,
  }
}

function findingOf({ id, severity, message, fix }: NamedHealth['findings'][number]): FindingView {
  return { id, severity, message, ...(fix === undefined ? {} : { fix }) }
}
