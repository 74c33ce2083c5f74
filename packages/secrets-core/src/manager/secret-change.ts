import type { SecretValue } from './secret-value.ts'

/** A key got another value, or lost it. */
export interface SecretChange {
  /** As the caller wrote it. */
  readonly key: string
  /** Absent when the key is gone. */
  readonly current?: SecretValue
  /** Absent when there was none, or it was forgotten on purpose. */
  readonly previous?: SecretValue
  /**
   * Why the key was looked at: its time was up or it was asked for afresh (`expired`), its provider told of a change
   * (`source_changed`), it was stored or deleted through the manager (`written`), the cache was cleared (`cleared`), or
   * the value had been refused (`auth_failure`).
   */
  readonly reason: 'expired' | 'source_changed' | 'written' | 'cleared' | 'auth_failure'
}

/** Called after each change. */
export type ChangeListener = (change: SecretChange) => void
