import type { SecretErrorKind } from '../contract/secret-error.ts'

/** What became of one provider during one read. */
export interface TraceStep {
  /** Name of the provider in this chain. */
  readonly provider: string
  /**
   * `hit`: it holds the key. `missing`: it was asked and has no such key. `failed`: it could not be asked, or holds
   * something unusable. `skipped`: it was not asked, `detail` says why. `not_reached`: an earlier one had the key.
   */
  readonly outcome: 'hit' | 'missing' | 'failed' | 'skipped' | 'not_reached'
  /** For `failed`, and behind a stale value: why. */
  readonly kind?: SecretErrorKind
  /** For `failed`, and behind a stale value: what went wrong, for people. Never a value. */
  readonly message?: string
  /** For `failed`, and behind a stale value: what to do about it, where the provider knows. */
  readonly hint?: string
  /**
   * Refinement: `'sealed'`, `'deleted'`, `'circuit_open'`, `'not_available'`, `'not_accepted'`, `'async_only'`, and
   * `'not_current'` where another version was asked of the provider that holds the current one. An open set.
   */
  readonly detail?: string
  /** The value is an earlier one, handed out because the source fails. */
  readonly stale?: true
  /** Milliseconds from asking to the answer; 0 where it was not asked. */
  readonly durationMs: number
  /** How often the source was asked; 0 when the answer was kept. */
  readonly attempts: number
  /** Where the value was found, for people: a variable, a path, an ARN. */
  readonly locator?: string
  /** Version id of the source. */
  readonly version?: string
}

/** How an answer came about; no member holds a value. */
export interface ResolutionTrace {
  /** As the caller wrote it. */
  readonly key: string
  /** `unresolved`: nobody had it and somebody could not be asked, which says nothing about whether it exists. */
  readonly status: 'found' | 'missing' | 'unresolved'
  /** Name of the provider whose value was taken; absent unless found. */
  readonly source?: string
  /** Where the answer came from just now: kept, read at the source, or kept past its time because the source fails. */
  readonly cache: 'hit' | 'miss' | 'stale'
  /** Milliseconds since the source was read. */
  readonly ageMs: number
  /** Milliseconds until the source is asked again; 0 = with the next read. */
  readonly expiresInMs: number
  /** What became of each provider, in the order of the chain. */
  readonly steps: readonly TraceStep[]
}
