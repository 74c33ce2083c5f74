/** A part of the console; each has views of its own. */
export type ConsolePart =
  | 'secrets'
  | 'providers'
  | 'doctor'
  | 'caches'
  | 'credentials'
  | 'configs'
  | 'prices'
  | 'audit'
  | 'keys'
  | 'backup'
  | 'users'
  | 'account'

/** What a field takes; members besides its type are attributes of an `<input>`. */
export interface FormRule {
  /** `flag` is a box, `list` one item a line, `json` any object, `choice` one of the values. */
  readonly type: 'text' | 'number' | 'flag' | 'list' | 'json' | 'choice'
  readonly values?: readonly string[]
  readonly required?: boolean
  readonly step?: 'any'
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
}

/** What fields take, by form and name. */
export type FormRules = Readonly<Record<string, Readonly<Record<string, FormRule>>>>

/** What the page is told about the server that it is served by. */
export interface ConsoleSettings {
  /** Path below which everything is, with a slash at both ends. */
  readonly base: string
  readonly title: string
  /** Which views there are. */
  readonly parts: readonly ConsolePart[]
  readonly isReadOnly: boolean
  /** Whether people sign in here. */
  readonly needsSignIn: boolean
  /** Whether the first administrator is still to be made. */
  readonly isFirstRun: boolean
  /** Of forms that send what the API has schemas for. */
  readonly rules: FormRules
  /** Whether somebody is signed in; where it is not known, the page asks. */
  readonly isSignedIn?: boolean
}

/** Who holds a key. Never a value. */
export interface SecretView {
  readonly key: string
  readonly found: boolean
  readonly source: string | null
  readonly shadowed: readonly ShadowedView[]
  /** Only where nobody has the key and somebody could not be asked. */
  readonly unresolved?: readonly { readonly provider: string; readonly kind: string }[]
  readonly fetchedAt?: string
  readonly cachedUntil?: string
}

/** A provider that holds a key and does not get to answer. */
export interface ShadowedView {
  readonly provider: string
  readonly sameValue: boolean
}

/** What became of a key at one provider. */
export interface StepView {
  readonly provider: string
  readonly outcome: 'hit' | 'missing' | 'failed' | 'skipped' | 'not_reached'
  readonly kind?: string
  readonly message?: string
  readonly hint?: string
  readonly detail?: string
  readonly stale?: boolean
  readonly durationMs: number
  readonly attempts: number
  readonly locator?: string
  readonly version?: string
}

/** What became of a key at every provider. */
export interface SecretExplanation {
  readonly key: string
  readonly status: 'found' | 'missing' | 'unresolved'
  readonly source: string | null
  readonly shadowed: readonly ShadowedView[]
  readonly steps: readonly StepView[]
}

/** A provider of secrets, as it was seen so far. */
export interface ProviderView {
  readonly name: string
  readonly available: boolean
  readonly facts: Readonly<Record<string, string | number | boolean>>
  readonly breaker: 'closed' | 'open' | 'half_open' | 'off'
  readonly calls: number
  readonly failures: number
  readonly retries: number
  readonly latencyMs?: { readonly p50: number; readonly p95: number }
  readonly lastOkAt?: string
  readonly lastFailure?: { readonly kind: string; readonly at: string }
}

/** Something worth knowing, with its remedy. */
export interface FindingView {
  readonly id: string
  readonly severity: 'info' | 'warning' | 'error'
  readonly message: string
  readonly fix?: string
}

/** What a provider says of itself. */
export interface ProviderHealthView {
  readonly provider: string
  readonly status: 'ready' | 'degraded' | 'failed' | 'not_configured'
  readonly kind?: string
  readonly latencyMs?: number
  readonly findings: readonly FindingView[]
  readonly sealed: boolean
  readonly tokenSeconds?: number
  readonly checkedAt: string
}

/** A cache. */
export interface CacheView {
  readonly name: string
  readonly figures?: CacheFigures
  readonly loads: {
    readonly loads: number
    readonly failures: number
    readonly p50Ms?: number
    readonly p95Ms?: number
  }
}

/** Counters of a cache, and how full it is. */
export interface CacheFigures {
  readonly size: number
  readonly maxSize?: number
  readonly hits: number
  readonly misses: number
  readonly hitRatio: number
  readonly evictions: number
  readonly expirations?: number
}

/** What happened in a cache from the point before to this one. */
export interface CachePoint {
  readonly at: string
  readonly hits: number
  readonly misses: number
  readonly hitRatio?: number
  readonly evictions: number
  readonly size: number
}

/** What was cleared, or would be. */
export interface Cleared {
  readonly count: number
  readonly dryRun: boolean
}

/** Why a request was refused (RFC 9457). */
export interface ProblemView {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId: string
}
