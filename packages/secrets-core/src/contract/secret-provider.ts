import type { DocumentLookup, ProviderDocument, ProviderSecret, SecretLookup } from './provider-answer.ts'
import type { ProviderHealth } from './provider-health.ts'

/** What the manager hands to each call. */
export interface ProviderContext {
  /** Aborts at the deadline, or when nobody waits any longer. Pass it on to whatever waits. */
  readonly signal: AbortSignal
}

/** What a provider may tell its manager between calls, from a timer or a watcher. */
export interface ProviderHost {
  /** Has a credential of the provider's own (a token, a secret id) redacted wherever it would be printed. */
  protect(sensitive: string): void
  /** The source changed these keys, or any: what is kept of them is dropped, and subscribers are told. */
  changed(keys?: Iterable<string>): void
  /** Publishes an event that holds no value: a login, a renewal, a degradation. */
  report(event: string, detail?: Readonly<Record<string, string | number | boolean>>): void
}

/** What people are shown about a provider; never a value. */
export interface ProviderDescription {
  /** File that this provider reads and writes, where it is one. */
  readonly filePath?: string | undefined
  /** Further facts: an address, a path, a region. */
  readonly [detail: string]: string | number | boolean | undefined
}

/**
 * One source of secrets.
 *
 * Only the first three members are required; the presence of another says what the provider can do. Answer, answer
 * `undefined`, or throw a {@link SecretError}: nothing is swallowed, retried, timed or cached here. The manager does all
 * of it, once, for every provider.
 */
export interface SecretProvider {
  /** Short and stable (`'vault'`); shown in traces and errors. */
  readonly name: string
  /** Whether it is configured at all. Synchronous, no network. */
  isAvailable(): boolean
  /**
   * Reads one secret.
   *
   * @returns The value, or `undefined` when the source was asked and has no such key.
   * @throws SecretError when the source could not be asked.
   */
  getSecret(key: string, context: ProviderContext): Promise<string | undefined>
  /** The same without waiting, for sources that need no waiting. */
  getSecretSync?(key: string): string | undefined
  /** Asked instead of `getSecret`: the value with its provenance. */
  readSecret?(lookup: SecretLookup, context: ProviderContext): Promise<ProviderSecret | undefined>
  /**
   * Asked instead of both where all keys come in one read; the manager keeps the document and answers every key from
   * it. `undefined` when the source was asked and there is no document: every key is missing.
   */
  readDocument?(lookup: DocumentLookup, context: ProviderContext): Promise<ProviderDocument | undefined>
  /** `readDocument` without waiting. */
  readDocumentSync?(lookup: DocumentLookup): ProviderDocument | undefined
  /** `readSecret` and `readDocument` honour `version` and `stage`; without this they are never given any. */
  readonly hasVersions?: boolean
  /**
   * Several keys in fewer requests than one each; asked when more than one is wanted. A key that failed maps to its
   * error, one that is left out is missing.
   */
  readSecrets?(keys: readonly string[], context: ProviderContext): Promise<ReadonlyMap<string, ProviderSecret | Error>>
  /** Names of all keys. Not needed beside `readDocument`. */
  listKeys?(context: ProviderContext): AsyncIterable<string>
  /** Stores a value; resolves once it is durable. */
  setSecret?(key: string, value: string, context: ProviderContext): Promise<void>
  /** Removes a key. `true` when it is absent afterwards, `false` when there is nothing to remove it from. */
  deleteSecret?(key: string, context: ProviderContext): Promise<boolean>
  /** Called once by the manager that owns this provider, before its first read. */
  attach?(host: ProviderHost): void
  /** Asks the source how it is. Never throws for a source that is down: that is the status `failed`. */
  checkHealth?(context: ProviderContext): Promise<ProviderHealth>
  /** What people are shown about it. */
  describe?(): ProviderDescription
  /** Ends timers and connections. Called by the owner's `close`; calling it again does nothing. */
  close?(): Promise<void>
}
