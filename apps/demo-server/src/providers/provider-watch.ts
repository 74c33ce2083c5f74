import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { diagnosticChannels, type ResolutionTrace, type SecretErrorKind, type TraceStep } from '@st/secrets-core'

/** What was seen of a provider since the server started. */
export interface ProviderRecord {
  /** How long the latest 200 answers took; absent when there was none. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number }
  /** ISO 8601, UTC; absent when it has not answered yet. */
  readonly lastOkAt?: string
  /** Absent when it has not failed yet. */
  readonly lastFailure?: { readonly kind: SecretErrorKind; readonly at: string }
}

/** Is told of each time that a provider was asked. */
export type StepListener = (step: TraceStep) => void

interface Seen {
  readonly latencies: number[]
  lastOkAt?: string
  lastFailure?: NonNullable<ProviderRecord['lastFailure']>
}

const latestAnswers = 200

/** Sees how the providers answer: reads tell it by themselves, surveys of all providers are to be given to it. */
export class ProviderWatch {
  readonly #now: () => Date
  readonly #seen = new Map<string, Seen>()
  readonly #listeners = new Set<StepListener>()

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  /** Begins to follow reads. */
  start(): void {
    subscribe(diagnosticChannels.resolve, this.#onResolve)
  }

  /** Ends that. */
  stop(): void {
    unsubscribe(diagnosticChannels.resolve, this.#onResolve)
    this.#listeners.clear()
  }

  /** Calls a function each time that a provider was asked. */
  listen(listener: StepListener): void {
    this.#listeners.add(listener)
  }

  /** Takes note of what became of providers that were asked. */
  note(steps: readonly TraceStep[]): void {
    for (const step of steps) {
      if (step.attempts === 0) continue
      if (step.outcome === 'failed') this.noteFailure(step.provider, step.kind ?? 'internal')
      else this.noteAnswer(step.provider, step.durationMs)
      for (const listener of this.#listeners) listener(step)
    }
  }

  /** A provider answered. */
  noteAnswer(provider: string, durationMs?: number): void {
    const seen = this.#of(provider)
    seen.lastOkAt = this.#now().toISOString()
    if (durationMs === undefined) return
    seen.latencies.push(durationMs)
    if (seen.latencies.length > latestAnswers) seen.latencies.shift()
  }

  /** A provider failed. */
  noteFailure(provider: string, kind: SecretErrorKind): void {
    this.#of(provider).lastFailure = { kind, at: this.#now().toISOString() }
  }

  /** What was seen of a provider. */
  record(provider: string): ProviderRecord {
    const { latencies, lastOkAt, lastFailure } = this.#of(provider)
    const sorted = latencies.toSorted((left, right) => left - right)
    const [p50, p95] = [sorted[Math.floor(sorted.length * 0.5)], sorted[Math.floor(sorted.length * 0.95)]]
    return {
      ...(p50 === undefined || p95 === undefined ? {} : { latencyMs: { p50, p95 } }),
      ...(lastOkAt === undefined ? {} : { lastOkAt }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    }
  }

  #of(provider: string): Seen {
    const known = this.#seen.get(provider)
    if (known !== undefined) return known
    const seen: Seen = { latencies: [] }
    this.#seen.set(provider, seen)
    return seen
  }

  // Subscribers get `unknown`; the core says what it publishes.
  readonly #onResolve = (message: unknown): void => {
    const { cache, steps } = message as ResolutionTrace
    // A kept answer tells again how it was got.
    if (cache !== 'hit') this.note(steps)
  }
}
