import { type Channel, channel } from 'node:diagnostics_channel'
import type { SecretChange } from './secret-change.ts'

/**
 * Names of this package's channels of `node:diagnostics_channel`. Their messages hold names, times and outcomes, never
 * values: `resolve` a {@link ResolutionTrace}, `set` a {@link SetMessage}, `provider` a {@link ProviderMessage}, `change`
 * a {@link ChangeMessage}.
 */
export const diagnosticChannels = {
  /** A key was read, from what is kept or from its source. */
  resolve: 'st:secrets.resolve',
  /** A key was stored or deleted. */
  set: 'st:secrets.set',
  /** A provider told something of itself. */
  provider: 'st:secrets.provider',
  /** A key was found to have another value, or to be gone. */
  change: 'st:secrets.change',
} as const

/** A key was stored or deleted. */
export interface SetMessage {
  /** As the caller wrote it. */
  readonly key: string
  /** Name of the provider that was written to. */
  readonly provider: string
  /** What was done. */
  readonly action: 'set' | 'delete'
  /** Name of the provider of higher priority that holds the key too, and so answers for it. */
  readonly hiddenBy?: string | undefined
}

/** A provider told something of itself. */
export interface ProviderMessage {
  /** Name of the provider in its chain. */
  readonly provider: string
  /** What happened, in the provider's words: `'renewed'`. */
  readonly event: string
  /** What else it says. */
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** A key was found to have another value, or to be gone. */
export interface ChangeMessage {
  /** As the caller wrote it. */
  readonly key: string
  /** Why it was looked at. */
  readonly reason: SecretChange['reason']
  /** Name of the provider of the new value; `undefined` when the key is gone. */
  readonly source?: string | undefined
  /** Version id of the new value, where its source has versions. */
  readonly version?: string | undefined
}

/** The channels. Look at `hasSubscribers` before a message is made. */
export const channels: { readonly [Name in keyof typeof diagnosticChannels]: Channel } = {
  resolve: channel(diagnosticChannels.resolve),
  set: channel(diagnosticChannels.set),
  provider: channel(diagnosticChannels.provider),
  change: channel(diagnosticChannels.change),
}
