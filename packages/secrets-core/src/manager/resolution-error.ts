import type { ResolutionTrace, TraceStep } from '../chain/trace.ts'
import { isTransientKind, SecretError } from '../contract/secret-error.ts'

/** Why a trace has no value. */
export function resolutionError(trace: ResolutionTrace): SecretMissingError | SecretUnresolvedError {
  return trace.status === 'missing' ? new SecretMissingError(trace) : new SecretUnresolvedError(trace)
}

/** Every provider that could hold the key answered: no such key. */
export class SecretMissingError extends SecretError {
  /** Always `missing`. */
  declare readonly kind: 'missing'
  /** Key that was asked for. */
  declare readonly key: string
  /** How the answer came about. */
  readonly trace: ResolutionTrace

  constructor(trace: ResolutionTrace) {
    const asked = trace.steps.filter(step => step.outcome === 'missing').map(step => step.provider)
    const where = asked.length > 0 ? `asked: ${asked.join(', ')}` : 'no provider is configured'
    super('missing', `Secret "${trace.key}" does not exist (${where}).`, {
      key: trace.key,
      hint: `Set it in one of the providers; \`explain('${trace.key}')\` shows each one's answer.`,
    })
    this.name = 'SecretMissingError'
    this.trace = trace
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static override isInstance(value: unknown): value is SecretMissingError {
    return SecretError.isInstance(value) && value.kind === 'missing'
  }
}

/** Nobody had the key, and somebody could not be asked: this says nothing about whether it exists. */
export class SecretUnresolvedError extends SecretError {
  /** Always `unresolved`. */
  declare readonly kind: 'unresolved'
  /** Key that was asked for. */
  declare readonly key: string
  /** How the answer came about; its failed steps say why. */
  readonly trace: ResolutionTrace

  constructor(trace: ResolutionTrace) {
    const failures = trace.steps.filter(step => step.outcome === 'failed' || step.detail === 'async_only')
    super('unresolved', `Secret "${trace.key}" could not be looked up: ${failures.map(describeFailure).join('; ')}.`, {
      key: trace.key,
      hint: failures.find(step => step.hint !== undefined)?.hint,
      transient: failures.some(({ kind: why }) => why !== undefined && isTransientKind(why)),
    })
    this.name = 'SecretUnresolvedError'
    this.trace = trace
  }

  /** Like `instanceof`, but also true when two copies of this package are installed. */
  static override isInstance(value: unknown): value is SecretUnresolvedError {
    return SecretError.isInstance(value) && value.kind === 'unresolved'
  }
}

function describeFailure({ provider, kind, detail }: TraceStep): string {
  if (detail === 'async_only') return `${provider} answers only asynchronously`
  return `${provider} failed (${detail === undefined ? kind : `${kind}, ${detail}`})`
}
