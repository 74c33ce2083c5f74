import type { SecretErrorKind } from './secret-error.ts'

/** One thing worth knowing about a provider, with its remedy. Never holds a value. */
export interface Finding {
  /** Stable and dotted, for programs: `'file.mode'`, `'vault.token_ttl'`. */
  readonly id: string
  /** `error`: it does not work. `warning`: it works and should not stay so. `info`: good to know. */
  readonly severity: 'info' | 'warning' | 'error'
  /** What was found, on which named thing. */
  readonly message: string
  /** What to do about it. */
  readonly fix?: string | undefined
}

/** What a provider says of itself when it is asked; never a value. */
export interface ProviderHealth {
  /** `degraded`: it answers, and something should be done. `failed`: it cannot be asked. */
  readonly status: 'ready' | 'degraded' | 'failed' | 'not_configured'
  /** Milliseconds that its source took to answer. */
  readonly latencyMs?: number | undefined
  /** For `failed`: why. */
  readonly kind?: SecretErrorKind | undefined
  /** What was found, the gravest first. */
  readonly findings: readonly Finding[]
}
