import type { ChainPass } from '../chain/chain-pass.ts'
import { listedKeys } from '../chain/listed-keys.ts'
import type { ProviderChain } from '../chain/provider-chain.ts'
import type { ProviderLink } from '../chain/provider-link.ts'
import { definedMembers } from '../contract/defined-members.ts'
import type { SecretErrorKind } from '../contract/secret-error.ts'
import { explain, type Explanation } from './explain.ts'
import type { ListOptions } from './manager-options.ts'

/** A provider that could not be asked for its keys. */
export interface ListFailure {
  /** Name of the provider. */
  readonly provider: string
  /** Why. */
  readonly kind: SecretErrorKind
  /** What went wrong, for people. Never a value. */
  readonly message: string
  /** What to do about it, where the provider knows. */
  readonly hint?: string
}

/** What `list` found. */
export interface KeyList {
  /** Every key that a provider lists or the caller included, in the order of their names. */
  readonly keys: readonly Explanation[]
  /** Providers that could not be asked; the list may lack their keys. */
  readonly failed: readonly ListFailure[]
}

/** Keys of all providers that can list, and who holds each. Every document is read once. */
export async function listKeys(chain: ProviderChain, options: ListOptions, pass: ChainPass): Promise<KeyList> {
  const available = chain.links.filter(link => link.answers.guard.isAvailable())
  const listings = await Promise.all(available.map(async link => listingOf(link, pass)))
  const prefix = options.prefix ?? ''
  const names = new Set([...(options.include ?? []), ...listings.flatMap(listing => listing.keys)])
  const keys = [...names].filter(key => key !== '' && key.startsWith(prefix)).toSorted()
  for (const link of available) {
    link.answers.prepare(
      keys.filter(key => link.accepts(key)),
      pass,
    )
  }
  return {
    keys: await Promise.all(keys.map(async key => explain(chain, key, pass))),
    failed: listings.flatMap(listing => listing.failure ?? []),
  }
}

async function listingOf(
  link: ProviderLink,
  pass: ChainPass,
): Promise<{ readonly keys: readonly string[]; readonly failure?: ListFailure }> {
  try {
    const keys = await listedKeys(link, pass)
    return { keys: keys.filter(key => link.accepts(key)) }
  } catch (error) {
    const { kind, message, hint } = link.answers.guard.failureAfter(0, error)
    return { keys: [], failure: { provider: link.name, kind, message, ...definedMembers({ hint }) } }
  }
}
