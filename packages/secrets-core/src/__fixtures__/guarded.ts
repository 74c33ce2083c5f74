import { GuardedProvider } from '../chain/guarded-provider.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { type ProviderPolicy, providerRules } from '../policy/provider-policy.ts'
import { plainPolicy } from './managed.ts'

/** A provider in its guard, by the clock of the process. */
export function guardOf(provider: SecretProvider, policy: ProviderPolicy = {}): GuardedProvider {
  const rules = providerRules(policy, plainPolicy)
  return new GuardedProvider(provider, { name: provider.name, rules, now: () => performance.now() })
}
