import { ChainPass } from '../chain/chain-pass.ts'
import type { ProviderCall } from '../chain/guarded-provider.ts'
import type { ProviderChain } from '../chain/provider-chain.ts'
import type { ProviderLink } from '../chain/provider-link.ts'
import { SecretError } from '../contract/secret-error.ts'
import { channels, type SetMessage } from './diagnostics.ts'

/** What is to be written, and where. */
export interface SecretWrite {
  readonly key: string
  /** Name of the provider. Default: the first that can. */
  readonly provider: string | undefined
}

/** Stores a value in the first provider that can, or the named one. */
export async function storeSecret(
  chain: ProviderChain,
  write: SecretWrite & { readonly value: string },
): Promise<true> {
  const { key, value } = write
  const link = writable(chain, 'setSecret', write)
  if (link === undefined) throw cannotWrite(write)
  await written(link, key, async context => link.provider.setSecret?.(key, value, context))
  tell(chain, link, { key, provider: link.name, action: 'set' })
  return true
}

/** Removes a key from the first provider that can, or the named one: whether it is absent there afterwards. */
export async function removeSecret(chain: ProviderChain, write: SecretWrite): Promise<boolean> {
  const { key } = write
  const link = writable(chain, 'deleteSecret', write)
  if (link === undefined) return false
  const isRemoved = await written(link, key, async context => link.provider.deleteSecret?.(key, context))
  tell(chain, link, { key, provider: link.name, action: 'delete' })
  return isRemoved === true
}

function writable(
  chain: ProviderChain,
  method: 'setSecret' | 'deleteSecret',
  { key, provider }: SecretWrite,
): ProviderLink | undefined {
  return chain.links.find(
    link => link.provider[method] && link.accepts(key) && (provider === undefined || link.name === provider),
  )
}

/** A write that failed may have been done all the same: what was kept is forgotten in any case. */
async function written<T>(link: ProviderLink, key: string, write: ProviderCall<T>): Promise<T> {
  try {
    return await link.answers.guard.callOnce(write)
  } finally {
    link.answers.forget(key)
  }
}

function tell(chain: ProviderChain, link: ProviderLink, message: SetMessage): void {
  if (channels.set.hasSubscribers) void publish(chain, link, message)
}

/** Providers above the one that was written to are asked, because one of them may hide what was stored. */
async function publish(chain: ProviderChain, link: ProviderLink, message: SetMessage): Promise<void> {
  const { winner, steps } = await chain.survey(message.key, new ChainPass())
  const isHidden = winner !== undefined && steps.indexOf(winner) < chain.links.indexOf(link)
  channels.set.publish({ ...message, hiddenBy: isHidden ? winner.step.provider : undefined })
}

function cannotWrite({ key, provider }: SecretWrite): SecretError {
  const who =
    provider === undefined ? 'No provider of this manager can' : `This manager has no provider "${provider}" that can`
  return new SecretError('unsupported', `${who} store secrets; "${key}" was not stored.`, {
    key,
    provider,
    hint: 'Add a provider that can write, such as FileSecretProvider of @st/provider-file.',
  })
}
