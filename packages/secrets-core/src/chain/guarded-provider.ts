import { SecretError } from '../contract/secret-error.ts'
import type { ProviderContext, SecretProvider } from '../contract/secret-provider.ts'
import { CircuitBreaker, CircuitOpenError, type Verdict } from '../policy/circuit-breaker.ts'
import { ConcurrencyLimit } from '../policy/concurrency-limit.ts'
import { untilAborted } from '../contract/until-aborted.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import type { ProviderRules } from '../policy/provider-policy.ts'
import { withRetries } from '../policy/retry.ts'

/** What a guarded provider needs to know of its chain. */
export interface GuardOptions {
  /** Unique in the chain. */
  readonly name: string
  readonly rules: ProviderRules
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** An answer with how it was got. */
export interface Asked<T> {
  readonly answer: T
  /** Monotonic milliseconds at which the attempt began that succeeded: later changes at the source are not in it. */
  readonly readAt: number
  readonly attempts: number
}

/** Counters of one provider since the manager was made. */
export interface ProviderStats {
  /** Name of the provider in this chain. */
  readonly provider: string
  /** Reads, writes and health checks that reached it; one with its retries counts once. */
  readonly calls: number
  /** How many of them failed. */
  readonly failures: number
  /** Further attempts after a failed one. */
  readonly retries: number
  /** `open`: it is not asked at present. `half_open`: the next read is a probe. `off`: it has no breaker. */
  readonly breaker: 'closed' | 'open' | 'half_open' | 'off'
}

/** A call as it is counted. */
interface Counted {
  readonly attempts: () => number
  readonly parent?: AbortSignal | undefined
}

/** One call of a provider. */
export type ProviderCall<T> = (context: ProviderContext) => Promise<T>

/**
 * One provider in its chain: the only place that calls it. Every read has a deadline, retries, a breaker and a place in
 * line; every failure becomes a {@link SecretError} that is safe to show.
 */
export class GuardedProvider {
  readonly name: string
  readonly provider: SecretProvider
  readonly rules: ProviderRules
  readonly #now: () => number
  readonly #breaker: CircuitBreaker | undefined
  readonly #limit: ConcurrencyLimit
  readonly #attempts = new WeakMap<SecretError, number>()
  #calls = 0
  #failures = 0
  #retries = 0

  constructor(provider: SecretProvider, { name, rules, now }: GuardOptions) {
    this.name = name
    this.provider = provider
    this.rules = rules
    this.#now = now
    this.#breaker = rules.breaker && new CircuitBreaker({ ...rules.breaker, now })
    this.#limit = new ConcurrencyLimit(rules.concurrency)
  }

  /** Whether the provider is configured; one that throws here is asked, and its failure told. */
  isAvailable(): boolean {
    try {
      return this.provider.isAvailable()
    } catch {
      return true
    }
  }

  /** Asks the provider, again where that can help. An abort of `parent` ends it and says nothing about the provider. */
  read<T>(call: ProviderCall<T>, parent?: AbortSignal): Promise<Asked<T>> {
    const { timeoutMs } = this.rules
    const endsAt = this.#now() + timeoutMs
    let attempts = 0
    let readAt = 0
    const attempt: ProviderCall<T> = context => {
      attempts += 1
      readAt = this.#now()
      // A provider that ignores its signal must not keep its place in line.
      return untilAborted(context.signal, call(context))
    }
    const patiently = async (signal: AbortSignal, isProbe: boolean): Promise<T> =>
      withRetries(async () => attempt({ signal }), {
        rules: isProbe ? { ...this.rules.retry, retries: 0 } : this.rules.retry,
        leftMs: () => endsAt - this.#now(),
        signal,
        pauseAskedFor,
      })
    const guarded = async (signal: AbortSignal): Promise<Asked<T>> => {
      const ask = async (isProbe: boolean): Promise<T> => patiently(signal, isProbe)
      const answer = await this.#limit.run(
        async () => (this.#breaker ? this.#breaker.run(ask, error => verdictOn(error, parent)) : ask(false)),
        signal,
      )
      return { answer, readAt, attempts }
    }
    const counted = { attempts: () => attempts, parent }
    return this.#count(async () => withDeadline(timeoutMs, guarded, parent), counted)
  }

  /** Calls the provider once, whatever its breaker says: writes must not be repeated, and people ask for its health. */
  callOnce<T>(call: ProviderCall<T>): Promise<T> {
    const once = async (signal: AbortSignal): Promise<T> => call({ signal })
    return this.#count(async () => withDeadline(this.rules.timeoutMs, once), { attempts: () => 1 })
  }

  /** Asks the provider without waiting. */
  readSync<T>(call: () => T): Asked<T> {
    const readAt = this.#now()
    this.#calls += 1
    try {
      return { answer: call(), readAt, attempts: 1 }
    } catch (error) {
      this.#failures += 1
      throw this.failureAfter(1, error)
    }
  }

  /** What went wrong after so many attempts, as a failure that is safe to show. */
  failureAfter(attempts: number, error: unknown): SecretError {
    const failure = asSecretError(error, this.name)
    this.#attempts.set(failure, attempts)
    return failure
  }

  /** How many attempts a failure of this provider took; 0 when it was not asked at all. */
  attemptsBehind(failure: SecretError): number {
    return this.#attempts.get(failure) ?? 0
  }

  /** Counters up to now. */
  stats(): ProviderStats {
    const breaker = this.#breaker?.state ?? 'off'
    return { provider: this.name, calls: this.#calls, failures: this.#failures, retries: this.#retries, breaker }
  }

  async #count<T>(call: () => Promise<T>, { attempts, parent }: Counted): Promise<T> {
    try {
      return await call()
    } catch (error) {
      // Nobody waits for it any longer.
      if (parent?.aborted) throw error
      if (attempts() > 0) this.#failures += 1
      throw this.failureAfter(attempts(), error)
    } finally {
      if (attempts() > 0) this.#calls += 1
      this.#retries += Math.max(0, attempts() - 1)
    }
  }
}

/** Any failure as one that is safe to show: what a provider threw may hold anything. */
export function asSecretError(error: unknown, provider: string): SecretError {
  // Only a manager can know these two.
  if (SecretError.isInstance(error) && error.kind !== 'missing' && error.kind !== 'unresolved') return error
  if (error instanceof DeadlineError) {
    const hint = 'Check that its source runs and can be reached from here.'
    return new SecretError('timeout', `Provider "${provider}": ${error.message}.`, { provider, hint })
  }
  if (error instanceof CircuitOpenError) {
    const message = `Provider "${provider}" kept failing and is not asked for the moment.`
    return new SecretError('unavailable', message, { provider, detail: 'circuit_open', retryAfterMs: error.opensInMs })
  }
  const message = `Provider "${provider}" failed with something that is not a SecretError.`
  return new SecretError('internal', message, { provider, hint: 'Run the conformance suite on this provider.' })
}

function pauseAskedFor(error: unknown): number | undefined {
  if (!SecretError.isInstance(error) || !error.transient) return undefined
  return Math.max(0, error.retryAfterMs ?? 0)
}

/** A source that refuses is there; what callers gave up says nothing about it. */
function verdictOn(error: unknown, parent: AbortSignal | undefined): Verdict {
  if (parent?.aborted) return 'unknown'
  const isTransient = error instanceof DeadlineError || (SecretError.isInstance(error) && error.transient)
  return isTransient ? 'fails' : 'works'
}
