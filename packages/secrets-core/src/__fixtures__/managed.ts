import type { ProviderEntry } from '../chain/provider-link.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import type { SecretsManagerOptions } from '../manager/manager-options.ts'
import { SecretsManager } from '../manager/secrets-manager.ts'
import type { ProviderPolicy } from '../policy/provider-policy.ts'

/** Nothing by chance, and no second attempt unless a test asks for it. */
export const plainPolicy: ProviderPolicy = { retry: false, breaker: false, cache: { jitter: 0 } }

/** A manager whose times are exact, by the clock of the process. */
export function managerOf(
  providers: readonly (SecretProvider | ProviderEntry)[],
  options: SecretsManagerOptions = {},
): SecretsManager {
  return new SecretsManager({ providers, policy: plainPolicy, now: () => performance.now(), ...options })
}
