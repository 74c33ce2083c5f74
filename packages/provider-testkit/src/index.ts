export { conformanceCases } from './conformance-cases.ts'
export type { ConformanceCase } from './conformance-case.ts'
export type {
  ConformanceHarness,
  ProviderFault,
  ProviderFaults,
  ProviderSource,
  RotatedSource,
} from './conformance-harness.ts'
export { describeProviderContract } from './describe-provider-contract.ts'
export type { TestRunner } from './describe-provider-contract.ts'
export { FaultySecretProvider } from './faulty-secret-provider.ts'
export type { SyntheticFault } from './faulty-secret-provider.ts'
export { InMemorySecretProvider } from './in-memory-secret-provider.ts'
export type { InMemorySecretProviderOptions } from './in-memory-secret-provider.ts'
