import { definedMembers } from '../contract/defined-members.ts'
import type { ProviderSecret } from '../contract/provider-answer.ts'
import type { SecretError } from '../contract/secret-error.ts'
import type { ProviderAnswer } from './provider-answers.ts'
import type { ProviderLink } from './provider-link.ts'
import type { ResolutionTrace, TraceStep } from './trace.ts'

/** What one provider said, with the value where there is one. */
export interface ChainStep {
  readonly link: ProviderLink
  readonly step: TraceStep
  readonly answer?: ProviderAnswer | undefined
}

/** What a chain said about one key. */
export interface ChainAnswer {
  readonly status: ResolutionTrace['status']
  /** The step whose value was taken. */
  readonly winner?: FoundStep
  /** One a provider, in order. */
  readonly steps: readonly ChainStep[]
}

/** A step with a value. */
export interface FoundStep extends ChainStep {
  readonly answer: ProviderAnswer & { readonly secret: ProviderSecret }
}

/** The answer of so many steps; `last` is where the search ended. */
export function chainAnswer(steps: readonly ChainStep[], last: ChainStep | undefined): ChainAnswer {
  if (last !== undefined && isFound(last)) return { status: 'found', winner: last, steps }
  // Missing only when every provider that could hold the key answered.
  const isUnanswered = steps.some(({ step }) => step.outcome === 'failed' || step.detail === 'async_only')
  return { status: isUnanswered ? 'unresolved' : 'missing', steps }
}

/** The same once the search is over: what comes below its last step was not reached. */
export function searchedAnswer(asked: readonly ChainStep[], links: readonly ProviderLink[]): ChainAnswer {
  const rest = links.slice(asked.length).map(link => unaskedStep(link, { outcome: 'not_reached' }))
  return chainAnswer([...asked, ...rest], asked.at(-1))
}

/** Whether no provider below is to be asked after this step. */
export function endsSearch(step: ChainStep): boolean {
  if (step.step.outcome === 'failed') return step.link.answers.guard.rules.endsOnError
  return isFound(step) || step.step.detail === 'async_only'
}

/** What a provider said after so many milliseconds. */
export function answeredStep(link: ProviderLink, answer: ProviderAnswer, durationMs: number): ChainStep {
  const { secret, isKept, failure } = answer
  const attempts = isKept ? 0 : answer.attempts
  const step: TraceStep = {
    provider: link.name,
    outcome: secret === undefined ? 'missing' : 'hit',
    durationMs,
    attempts: failure ? link.answers.guard.attemptsBehind(failure) : attempts,
    ...definedMembers({
      locator: secret?.locator,
      version: secret?.version,
      detail: secret ? undefined : answer.detail,
    }),
    ...(failure !== undefined && { stale: true, ...described(failure) }),
  }
  return { link, step, answer }
}

/** Why a provider could not be asked, known after so many milliseconds. */
export function failedStep(link: ProviderLink, error: SecretError, durationMs: number): ChainStep {
  const attempts = link.answers.guard.attemptsBehind(error)
  return { link, step: { provider: link.name, outcome: 'failed', durationMs, attempts, ...described(error) } }
}

/** Why a provider was not asked. */
export function skippedStep(link: ProviderLink, detail: string): ChainStep {
  return unaskedStep(link, { outcome: 'skipped', detail })
}

function isFound(step: ChainStep): step is FoundStep {
  return step.answer?.secret !== undefined
}

function unaskedStep(link: ProviderLink, known: Pick<TraceStep, 'outcome' | 'detail'>): ChainStep {
  return { link, step: { provider: link.name, durationMs: 0, attempts: 0, ...known } }
}

function described({ kind, message, hint, detail }: SecretError): Partial<TraceStep> {
  return definedMembers({ kind, message, hint, detail })
}
