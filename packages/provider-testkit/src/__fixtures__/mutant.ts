import type { SecretProvider } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { exemplaryProvider } from './exemplary-provider.ts'

/** A provider that breaks the contract, with how the titles of the cases that must fail begin. */
export type Flaw = readonly [broken: ProviderSource, ...failingCases: readonly string[]]

/** The exemplary provider with some members replaced. */
export function mutant(
  change: (original: Required<SecretProvider>, secrets: Readonly<Record<string, string>>) => object,
): ProviderSource {
  return secrets => {
    const original = exemplaryProvider(secrets)
    return { ...original, ...change(original, secrets) }
  }
}
