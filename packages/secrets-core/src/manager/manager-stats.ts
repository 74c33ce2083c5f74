import type { ProviderStats } from '../chain/guarded-provider.ts'

/** Counters of a manager since it was made. */
export interface ManagerStats {
  /** Keys that are kept. */
  readonly size: number
  /** Reads that were answered from what is kept. */
  readonly hits: number
  /** Reads that were not. */
  readonly misses: number
  /** Reads that were answered with a value past its time, because its source failed. */
  readonly staleServed: number
  /** In the order of the chain. */
  readonly providers: readonly ProviderStats[]
}
