import type { ChainAnswer, ChainStep, FoundStep } from '../chain/chain-answer.ts'
import type { ResolutionTrace } from '../chain/trace.ts'
import { definedMembers } from '../contract/defined-members.ts'
import { type SecretValue, secretValue } from './secret-value.ts'

/** How a key was answered, and the value where there is one. */
export type Resolution =
  | { readonly status: 'found'; readonly secret: SecretValue; readonly trace: ResolutionTrace }
  | { readonly status: 'missing' | 'unresolved'; readonly secret?: undefined; readonly trace: ResolutionTrace }

/** What a chain said about a key, and for how long that is good. */
export interface KeptResolution {
  readonly answer: ChainAnswer
  readonly status: ResolutionTrace['status']
  /** The value, if there is one. */
  readonly value: string | undefined
  /** The value, as `get` hands it out: awaiting the same promise costs less than making one a call. */
  readonly found: Promise<string> | undefined
  /** A provider failed whose rules say that the search ends there, with an error. */
  readonly isFinal: boolean
  /** Monotonic milliseconds from which on the chain is asked again. */
  readonly expiresAt: number
  /** Epoch of the chain in which it was asked. */
  readonly epoch: number
}

/** A resolution, and whether it was made before. */
export interface Read {
  readonly key: string
  readonly kept: KeptResolution
  readonly isKept: boolean
}

/** What a chain said, with how long that is good. */
export function keptResolution(answer: ChainAnswer, now: number, epoch: number): KeptResolution {
  const value = answer.winner?.answer.secret.value
  return {
    answer,
    status: answer.status,
    value,
    found: value === undefined ? undefined : Promise.resolve(value),
    isFinal: answer.steps.some(({ step, link }) => step.outcome === 'failed' && link.answers.guard.rules.endsOnError),
    expiresAt: expiryOf(answer, now),
    epoch,
  }
}

/** The resolution as users see it. */
export function resolutionOf(read: Read, now: number): Resolution {
  const { winner } = read.kept.answer
  const trace = traceOf(read, now)
  if (winner === undefined) return { status: read.kept.status === 'missing' ? 'missing' : 'unresolved', trace }
  return { status: 'found', secret: secretOf(read.key, winner), trace }
}

/** The winner's value as one that does not print. */
export function secretOf(key: string, { step, answer: { secret } }: FoundStep): SecretValue {
  return secretValue(secret.value, { key, source: step.provider, version: secret.version })
}

/** How an answer came about. */
export function traceOf({ key, kept, isKept }: Read, now: number): ResolutionTrace {
  const { answer, status, expiresAt } = kept
  const { winner } = answer
  const answers = winner === undefined ? answer.steps.flatMap(step => step.answer ?? []) : [winner.answer]
  const readAt = Math.min(now, ...answers.map(said => said.readAt))
  const wasKept = answers.length > 0 && answers.every(said => said.isKept)
  return {
    key,
    status,
    ...definedMembers({ source: winner?.step.provider }),
    cache: winner?.answer.failure ? 'stale' : isKept || wasKept ? 'hit' : 'miss',
    ageMs: now - readAt,
    expiresInMs: Math.max(0, (winner?.answer.expiresAt ?? expiresAt) - now),
    steps: answer.steps.map(({ step }) => step),
  }
}

/**
 * Until when an answer is good. A value is, while its own answer is and until something above it may have changed its
 * mind: a document that is to be looked at again, a provider that could not be asked or was not there. A stale value and
 * an unresolved key are not kept at all, so that they are never taken for something else.
 */
function expiryOf(answer: ChainAnswer, now: number): number {
  const { status, winner, steps } = answer
  if (winner === undefined) {
    return status === 'unresolved' ? now : Math.min(...steps.map(step => missExpiryOf(step, now)))
  }
  if (winner.answer.failure !== undefined) return now
  const above = steps.slice(0, steps.indexOf(winner))
  const doubtful = above.map(step => (step.answer?.isOfDocument ? step.answer.expiresAt : doubtEndOf(step, now)))
  return Math.min(refreshTimeOf(winner), ...doubtful)
}

/** Of a value that is refreshed ahead, the time for that. */
function refreshTimeOf({ link, answer: { readAt, expiresAt } }: FoundStep): number {
  const { refreshAhead } = link.answers.guard.rules.cache
  return refreshAhead > 0 ? readAt + refreshAhead * (expiresAt - readAt) : expiresAt
}

function missExpiryOf(step: ChainStep, now: number): number {
  return Math.min(doubtEndOf({ ...step, answer: undefined }, now), step.answer?.expiresAt ?? Infinity)
}

/** What was not asked, or failed, is looked at again after the time for misses. */
function doubtEndOf({ answer, link, step }: ChainStep, now: number): number {
  if (answer !== undefined || step.detail === 'not_accepted') return Infinity
  return now + link.answers.guard.rules.cache.missTtl * 1000
}
