import type { SecretProvider } from '../contract/secret-provider.ts'
import { type ProviderPolicy, providerRules } from '../policy/provider-policy.ts'
import { GuardedProvider } from './guarded-provider.ts'
import { ProviderAnswers, type ProviderAnswersOptions } from './provider-answers.ts'

/** A provider with what is particular to it in this chain. */
export interface ProviderEntry {
  /** The provider; the manager owns and closes it. */
  readonly provider: SecretProvider
  /** Over the manager's `policy`, member by member. */
  readonly policy?: ProviderPolicy | undefined
  /** Whether this provider is asked for a key. Default: for all. */
  readonly accepts?: ((key: string) => boolean) | undefined
}

/** One place in a chain. */
export interface ProviderLink {
  /** The provider's name, with a number behind it where another has the same: `vault-2`. */
  readonly name: string
  readonly provider: SecretProvider
  readonly answers: ProviderAnswers
  /** Whether the provider is asked for this key at all. */
  accepts(key: string): boolean
  /** Why the provider is not to be asked for this key now, if it is not. */
  reasonToSkip(key: string): 'not_accepted' | 'not_available' | undefined
}

/** The links of a chain, in order. */
export function providerLinks(
  given: readonly (SecretProvider | ProviderEntry)[],
  options: ProviderAnswersOptions & { readonly policy: ProviderPolicy | undefined },
): readonly ProviderLink[] {
  const entries = given.map(entry => ('getSecret' in entry ? { provider: entry } : entry))
  const names = uniqueNames(entries.map(({ provider }) => provider.name))
  return entries.map(({ provider, policy, accepts = () => true }, index) => {
    const rules = providerRules(policy, options.policy)
    const guard = new GuardedProvider(provider, { name: names[index] ?? provider.name, rules, now: options.now })
    return {
      name: guard.name,
      provider,
      answers: new ProviderAnswers(guard, options),
      accepts: key => isAccepted(accepts, key),
      reasonToSkip: key => {
        if (!isAccepted(accepts, key)) return 'not_accepted'
        return guard.isAvailable() ? undefined : 'not_available'
      },
    }
  })
}

/** A function that throws must not hide what the provider holds. */
function isAccepted(accepts: (key: string) => boolean, key: string): boolean {
  try {
    return accepts(key)
  } catch {
    return true
  }
}

function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map(name => {
    let unique = name
    for (let count = 2; taken.has(unique); count += 1) unique = `${name}-${count}`
    taken.add(unique)
    return unique
  })
}
