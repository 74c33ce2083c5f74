import type { ChainAnswer } from '../chain/provider-chain.ts'
import type { ResolutionTrace } from '../chain/trace.ts'

/** A provider that holds a key but does not get to answer, because an earlier one holds it too. */
export interface ShadowedAnswer {
  /** Name of the provider. */
  readonly provider: string
  /** Whether its value is the one that is used; `false` is what makes a rotated secret seem not to arrive. */
  readonly sameValue: boolean
}

/** Who holds a key, asked of every provider; no member holds a value. */
export interface Explanation extends Pick<ResolutionTrace, 'key' | 'status' | 'source' | 'steps'> {
  /** Providers that hold the key but do not get to answer, in order. */
  readonly shadowed: readonly ShadowedAnswer[]
}

/** What a survey of all providers says about a key. */
export function explanationOf(key: string, { winner, steps }: ChainAnswer): Explanation {
  const traced = steps.map(({ step }) => step)
  if (winner === undefined) return { key, status: statusWithoutValue(steps), shadowed: [], steps: traced }
  const shadowed = steps
    .filter(asked => asked !== winner && asked.step.outcome === 'hit')
    .map(({ step, answer }) => ({ provider: step.provider, sameValue: answer?.value === winner.answer.value }))
  return { key, status: 'found', source: winner.step.provider, shadowed, steps: traced }
}

/** `missing` only when every provider that could hold the key answered. */
export function statusWithoutValue(steps: ChainAnswer['steps']): 'missing' | 'unresolved' {
  const unanswered = steps.some(({ step }) => step.outcome === 'failed' || step.detail === 'async_only')
  return unanswered ? 'unresolved' : 'missing'
}
