import type { ConformanceHarness, ProviderFault, ProviderSource } from '../conformance-harness.ts'
import { faults } from './exemplary-failures.ts'
import { exemplaryProvider, exemplaryRotation, token } from './exemplary-provider.ts'

/** Seconds; nothing takes longer here, but for what never ends. */
export const patience = 0.09

/** The exemplary provider, and something else over each broken source. */
export function harnessWithFaults(
  sourceOf: (fault: ProviderFault | 'unavailable') => ProviderSource,
  shown: readonly (ProviderFault | 'unavailable')[] = faults,
): ConformanceHarness {
  const { unavailable, ...faulty } = Object.fromEntries(shown.map(fault => [fault, sourceOf(fault)]))
  return {
    holding: exemplaryProvider,
    rotated: exemplaryRotation,
    unavailable,
    faulty,
    credentials: [token],
    patience,
  }
}
