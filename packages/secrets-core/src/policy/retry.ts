import { pause } from './deadline.ts'
import type { ProviderRules } from './provider-policy.ts'

/** What retrying needs to know of the call. */
export interface RetrySetting {
  readonly rules: ProviderRules['retry']
  /** Milliseconds that are left for the whole call. */
  readonly leftMs: () => number
  /** Ends a pause with the signal's reason. */
  readonly signal: AbortSignal
  /**
   * Milliseconds that the source wants to be left alone after this failure; `undefined` when asking again is of no use,
   * 0 when it said nothing.
   */
  readonly pauseAskedFor: (error: unknown) => number | undefined
}

/**
 * Makes further attempts while they can help and fit into the time that is left: with full jitter, or after the pause
 * that the source asked for (RFC 9110, 10.2.3).
 */
export async function withRetries<T>(attempt: () => Promise<T>, setting: RetrySetting): Promise<T> {
  const { rules, signal } = setting
  for (let failed = 0; ; failed += 1) {
    try {
      return await attempt()
    } catch (error) {
      const asked = failed < rules.retries ? setting.pauseAskedFor(error) : undefined
      if (asked === undefined) throw error
      const pauseMs = asked > 0 ? asked : Math.random() * Math.min(rules.capMs, rules.baseMs * 2 ** failed)
      if (signal.aborted || pauseMs >= setting.leftMs()) throw error
      await pause(pauseMs, signal)
    }
  }
}
