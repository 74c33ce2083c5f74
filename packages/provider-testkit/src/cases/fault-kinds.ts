import type { SecretErrorKind } from '@st/secrets-core/provider'
import type { ProviderFault } from '../conformance-harness.ts'

/** What a provider makes of each fault of its source. */
export const expectedKinds: Readonly<Record<ProviderFault | 'unavailable', readonly SecretErrorKind[]>> = {
  unavailable: ['unavailable', 'timeout', 'throttled'],
  hang: ['timeout', 'unavailable'],
  reset: ['unavailable'],
  throttle: ['throttled'],
  forbidden: ['forbidden'],
  unauthenticated: ['unauthenticated'],
  malformed: ['malformed'],
  redirect_cross_origin: ['insecure'],
  slow_drip: ['timeout', 'unavailable'],
  huge_body: ['malformed'],
}

const endlessFaults: readonly string[] = ['hang', 'slow_drip']

/** Whether calls end only because the signal aborts, so that the signal's own reason is an answer too. */
export function isEndless(fault: string): boolean {
  return endlessFaults.includes(fault)
}

const faultsOfOneSecret: readonly string[] = ['forbidden', 'malformed', 'huge_body']

/** Whether this can only be wrong with the whole source, whose health is then `failed`. */
export function isOfWholeSource(fault: string): boolean {
  return !faultsOfOneSecret.includes(fault)
}
