/** Further attempts after a transient failure, inside the time that the provider has for one read. */
export interface RetryPolicy {
  /** Further attempts after the first. Default 2. */
  readonly retries?: number | undefined
  /** Milliseconds of the first pause at most; doubled each time, the pause is a random part of it. Default 100. */
  readonly baseMs?: number | undefined
  /** Milliseconds of the longest pause. Default 2000. */
  readonly capMs?: number | undefined
}

/** Stops asking a source that keeps failing. A read with its retries counts once. */
export interface BreakerPolicy {
  /** Transient failures in a row that open it. Default 5. */
  readonly failures?: number | undefined
  /** Seconds until one read is let through to see whether the source is back. Default 30. */
  readonly openFor?: number | undefined
}

/** How long answers are kept. Seconds, counted from the read at the source (requirement R54). */
export interface CachePolicy {
  /** For values. Default 300; `Infinity` keeps until cleared. What the source vouches for, if it is less, wins. */
  readonly ttl?: number | undefined
  /** For confirmed misses. Default 10. */
  readonly missTtl?: number | undefined
  /** How much longer than `ttl` a value may be handed out while its source fails transiently. Default 3600; 0 = never. */
  readonly staleIfError?: number | undefined
  /** Share of the TTL after which a read also refreshes in the background. Default 0 = off. */
  readonly refreshAhead?: number | undefined
  /** Spread of the TTL, so that replicas do not refresh together. Default 0.1, that is ± 10 %. */
  readonly jitter?: number | undefined
}

/** How one provider is asked. */
export interface ProviderPolicy {
  /** Milliseconds for one read with its retries. Default 3000. */
  readonly timeoutMs?: number | undefined
  /** `false` = one attempt. */
  readonly retry?: RetryPolicy | false | undefined
  /** `false` = always ask. */
  readonly breaker?: BreakerPolicy | false | undefined
  /** `false` = keep nothing, also no stale values. */
  readonly cache?: CachePolicy | false | undefined
  /** Requests under way at once. Default 8. */
  readonly concurrency?: number | undefined
  /** When it fails and has no stale value: ask the next provider (default), or end the read. */
  readonly onError?: 'continue' | 'fail' | undefined
}

/** A {@link ProviderPolicy} with its defaults. */
export interface ProviderRules {
  readonly timeoutMs: number
  readonly retry: Required<Settled<RetryPolicy>>
  readonly breaker: Required<Settled<BreakerPolicy>> | undefined
  readonly cache: Required<Settled<CachePolicy>>
  readonly concurrency: number
  readonly endsOnError: boolean
}

type Settled<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> }

const noCache: CachePolicy = { ttl: 0, missTtl: 0, staleIfError: 0 }

/**
 * The rules that the first policy with an opinion sets, member by member.
 *
 * @throws RangeError for a number out of its range, TypeError for an `onError` that is neither word; both name the option.
 */
export function providerRules(...policies: readonly (ProviderPolicy | undefined)[]): ProviderRules {
  const given = policies.map(policy => policy ?? {})
  const own = <K extends keyof ProviderPolicy>(name: K): ProviderPolicy[K] =>
    given.map(policy => policy[name]).find(value => value !== undefined)
  const retries = given.map(({ retry }) => (retry === false ? { retries: 0 } : retry))
  const caches = given.map(({ cache }) => (cache === false ? noCache : cache))
  const breakers = given.map(({ breaker }) => breaker || undefined)
  const onError = own('onError') ?? 'continue'
  if (onError !== 'continue' && onError !== 'fail') throw new TypeError(`policy.onError must be 'continue' or 'fail'.`)
  return {
    timeoutMs: first(given, 'timeoutMs', { default: 3000, above: 0 }),
    retry: {
      retries: first(retries, 'retries', { default: 2 }),
      baseMs: first(retries, 'baseMs', { default: 100 }),
      capMs: first(retries, 'capMs', { default: 2000 }),
    },
    breaker:
      (own('breaker') !== false && {
        failures: first(breakers, 'failures', { default: 5, above: 0 }),
        openFor: first(breakers, 'openFor', { default: 30, above: 0 }),
      }) ||
      undefined,
    cache: {
      ttl: first(caches, 'ttl', { default: 300, upTo: Infinity }),
      missTtl: first(caches, 'missTtl', { default: 10, upTo: Infinity }),
      staleIfError: first(caches, 'staleIfError', { default: 3600, upTo: Infinity }),
      refreshAhead: first(caches, 'refreshAhead', { default: 0, upTo: 1 }),
      jitter: first(caches, 'jitter', { default: 0.1, upTo: 1 }),
    },
    concurrency: first(given, 'concurrency', { default: 8, above: 0 }),
    endsOnError: onError === 'fail',
  }
}

interface NumberRule {
  readonly default: number
  /** Must be more than this. Default: it may be 0. */
  readonly above?: number
  /** Default: any finite number. */
  readonly upTo?: number
}

function first<K extends string>(
  policies: readonly (Readonly<Partial<Record<K, unknown>>> | undefined)[],
  name: K,
  rule: NumberRule,
): number {
  const { above = -Number.MIN_VALUE, upTo = Number.MAX_VALUE } = rule
  const value = policies.map(policy => policy?.[name]).find(given => given !== undefined) ?? rule.default
  if (typeof value === 'number' && value > above && value <= upTo) return value
  throw new RangeError(`policy: "${name}" is out of its range.`)
}
