import type { Channel } from 'node:diagnostics_channel'
import type { ProviderCall } from '../chain/guarded-provider.ts'
import type { ProviderChain } from '../chain/provider-chain.ts'
import type { ProviderLink } from '../chain/provider-link.ts'
import { SecretError } from '../contract/secret-error.ts'
import type { SetMessage } from './diagnostics.ts'

/** What is written to. */
export interface WriteTarget {
  readonly chain: ProviderChain
  /** Told of what was written. */
  readonly setChannel: Channel
  /** Called after each write, also after one that failed: it may have been done all the same. */
  written(key: string): void
}

/** What is to be written, and where. */
export interface SecretWrite {
  readonly key: string
  /** Name of the provider. Default: the first that can. */
  readonly provider?: string | undefined
}

/** Stores a value in the first provider that can, or the named one. */
export async function storeSecret(target: WriteTarget, write: SecretWrite, value: string): Promise<true> {
  const { key } = write
  const link = writable(target, 'setSecret', write)
  if (link === undefined) throw cannotWrite(write)
  await callOnce(target, link, { key, call: async context => link.provider.setSecret?.(key, value, context) })
  tell(target, link, { key, provider: link.name, action: 'set' })
  return true
}

/** Removes a key from the first provider that can, or the named one: whether it is absent there afterwards. */
export async function removeSecret(target: WriteTarget, write: SecretWrite): Promise<boolean> {
  const { key } = write
  const link = writable(target, 'deleteSecret', write)
  if (link === undefined) return false
  const isRemoved = await callOnce(target, link, {
    key,
    call: async context => link.provider.deleteSecret?.(key, context),
  })
  tell(target, link, { key, provider: link.name, action: 'delete' })
  return isRemoved === true
}

function writable(
  { chain }: WriteTarget,
  method: 'setSecret' | 'deleteSecret',
  { key, provider }: SecretWrite,
): ProviderLink | undefined {
  return chain.links.find(
    link => link.provider[method] && link.accepts(key) && (provider === undefined || link.name === provider),
  )
}

async function callOnce<T>(
  target: WriteTarget,
  link: ProviderLink,
  { key, call }: { readonly key: string; readonly call: ProviderCall<T> },
): Promise<T> {
  try {
    return await link.answers.guard.callOnce(call)
  } finally {
    link.answers.forget(key)
    target.written(key)
  }
}

function tell(target: WriteTarget, link: ProviderLink, message: SetMessage): void {
  if (target.setChannel.hasSubscribers) void publish(target, link, message)
}

/** Providers above the one that was written to are asked, because one of them may hide what was stored. */
async function publish({ chain, setChannel }: WriteTarget, link: ProviderLink, message: SetMessage): Promise<void> {
  const { winner, steps } = await chain.survey(message.key)
  const isHidden = winner !== undefined && steps.indexOf(winner) < chain.links.indexOf(link)
  setChannel.publish({ ...message, hiddenBy: isHidden ? winner.step.provider : undefined })
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
