import type { ChainAnswer } from '../chain/chain-answer.ts'
import type { ChainPass } from '../chain/chain-pass.ts'
import type { ProviderChain } from '../chain/provider-chain.ts'
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

/** Asks every provider about a key. */
export async function explain(chain: ProviderChain, key: string, pass: ChainPass): Promise<Explanation> {
  return explanationOf(key, await chain.survey(key, pass))
}

function explanationOf(key: string, answer: ChainAnswer): Explanation {
  const { status, winner, steps } = answer
  const traced = { key, status, steps: steps.map(({ step }) => step) }
  if (winner === undefined) return { ...traced, shadowed: [] }
  const below = steps.slice(steps.indexOf(winner) + 1)
  const shadowed = below.flatMap(({ step, answer: said }) =>
    said?.secret === undefined
      ? []
      : { provider: step.provider, sameValue: said.secret.value === winner.answer.secret.value },
  )
  return { ...traced, source: winner.step.provider, shadowed }
}
