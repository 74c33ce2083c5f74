import { isDeepStrictEqual } from 'node:util'
import {
  type DocumentLookup,
  type ProviderContext,
  type ProviderDescription,
  type ProviderDocument,
  type ProviderHealth,
  type ProviderHost,
  SecretError,
  type SecretProvider,
} from '@st/secrets-core/provider'
import type { KvWriter } from './kv-writer.ts'
import { isNodeVaultInstalled } from './node-vault.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { VaultSession } from './vault-session.ts'
import { checkOptions, isConfigured, resolveSettings } from './vault-settings.ts'

/** Milliseconds for one read or write, where the caller sets no shorter deadline. */
const callTimeoutMs = 10_000

/**
 * Secrets from HashiCorp Vault or OpenBao: one path of a KV engine, version 2 or 1, that holds many keys.
 *
 * It keeps its token and what it knows of the mount, and no copy of what it read. node-vault is loaded on first use. The
 * environment is looked at when the provider is asked for something, not when it is made.
 */
export class HashiCorpVaultProvider implements SecretProvider {
  /** Name in traces and errors. */
  readonly name: string
  /** Versions are asked for by number, by the id that a document has, or by stage; KV 1 has none but the current one. */
  readonly hasVersions = true
  /**
   * Stores a value under a key of the path; only with `writable`. Rejects with a SecretError, of kind `conflict` when
   * somebody else changed the secret while it was read and stored.
   */
  declare readonly setSecret?: (key: string, value: string, context?: Partial<ProviderContext>) => Promise<void>
  /**
   * Removes a key of the path; only with `writable`. Answers `false` when there is no secret at the path. Rejects as
   * `setSecret`.
   */
  declare readonly deleteSecret?: (key: string, context?: Partial<ProviderContext>) => Promise<boolean>
  readonly #options: HashiCorpVaultProviderOptions
  readonly #sessions = new Set<VaultSession>()
  #session: VaultSession | undefined
  #host: ProviderHost | undefined
  #writes: Promise<unknown> = Promise.resolve()
  #closing: Promise<unknown> | undefined

  /**
   * @param options - Where the secret is and how to log in.
   * @throws TypeError when an option cannot be used: an address that is no URL, a path with `..`, a token with a line
   *   break. The message names the option and never its value.
   */
  constructor(options: HashiCorpVaultProviderOptions = {}) {
    checkOptions(options)
    this.name = options.name || 'vault'
    this.#options = { ...options }
    if (!options.writable) return
    // The presence of a method says what a provider can do.
    this.setSecret = async (key, value, context) => {
      if (typeof value !== 'string') throw new TypeError('A secret must be a string.')
      await this.#write(async writer => writer.set(key, value, signalOf(context)))
    }
    this.deleteSecret = async (key, context) => this.#write(async writer => writer.remove(key, signalOf(context)))
  }

  /** Whether an address and a way to get a token are given and node-vault is there, or a client. Nothing is asked. */
  isAvailable(): boolean {
    return isConfigured(this.#options) && (this.#options.client !== undefined || isNodeVaultInstalled())
  }

  /**
   * Reads one key. Each call reads the whole path; the manager, which keeps documents, asks `readDocument`.
   *
   * @returns The value, or `undefined` when the path holds nothing, is deleted, or has no such key.
   * @throws SecretError when Vault could not be asked, or the key holds an array or object.
   */
  async getSecret(key: string, context?: Partial<ProviderContext>): Promise<string | undefined> {
    const document = await this.readDocument({}, context)
    const type = document?.unusable?.get(key)
    if (type === undefined) return document?.values.get(key)
    throw new SecretError('invalid', `Key "${key}" of Vault path "${document?.locator}" holds an ${type}.`, {
      provider: this.name,
      key,
      hint: 'Store the value as a string.',
    })
  }

  /**
   * Reads all keys of the path.
   *
   * @param lookup - Which version. `stage` `'previous'` is the one before the newest; nothing is ever `'pending'`.
   * @returns The document with the API path, and in KV 2 the version and its time; the one in `lookup.known` when the
   *   version is still the same; one without values, with the detail `'deleted'` or `'destroyed'`, when that is what
   *   became of the version; `undefined` when the path holds nothing or there is no such version.
   * @throws SecretError when Vault could not be asked, refused, or answered something else.
   */
  async readDocument(
    lookup: DocumentLookup = {},
    context?: Partial<ProviderContext>,
  ): Promise<ProviderDocument | undefined> {
    const document = await this.#use(async ({ reader }) => reader.read(lookup, signalOf(context)))
    const { known } = lookup
    const isUnchanged = known?.version !== undefined && known.version === document?.version
    return isUnchanged && known.locator === document?.locator ? known : document
  }

  /** Has the manager redact the token and credentials, and tells it of logins, renewals and their failures. */
  attach(host: ProviderHost): void {
    this.#host = host
    for (const session of this.#sessions) session.attach(host)
  }

  /**
   * Asks the server how it is, whose token this is and whether the secret can be read, and says what should be done.
   * Costs a token with a limited number of uses two of them.
   */
  async checkHealth(context?: Partial<ProviderContext>): Promise<ProviderHealth> {
    // Not loaded by those who only read.
    const { checkVaultHealth } = await import('./vault-health.ts')
    return checkVaultHealth(async work => this.#use(work), signalOf(context))
  }

  /** Address, namespace, mount, path and version, and how it logs in; nothing while they cannot be used. No token. */
  describe(): ProviderDescription {
    try {
      const { place, server } = resolveSettings(this.#options, this.name)
      const { mountPoint, path, kvVersion } = place
      const secret = { mountPoint, path, kvVersion, isWritable: this.#options.writable === true }
      if (!server) return secret
      const { url, namespace, auth, tls } = server
      return { url, namespace, ...secret, auth: auth.method, verifiesTls: tls.verifies }
    } catch {
      return {}
    }
  }

  /** Ends renewals, revokes a token that the provider logged in for, ends all connections. Reads are refused then. */
  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#sessions].map(async ({ connection }) => connection.close()))
    await this.#closing
  }

  async #use<T>(work: (session: VaultSession) => Promise<T>): Promise<T> {
    if (this.#closing) throw new SecretError('closed', `Provider "${this.name}" is closed.`, { provider: this.name })
    return this.#currentSession().use(work)
  }

  /** One write after the other, so that none of this process is somebody else's change to another. */
  async #write<T>(work: (writer: KvWriter) => Promise<T>): Promise<T> {
    // Not loaded by those who only read.
    const { KvWriter } = await import('./kv-writer.ts')
    const written = this.#writes.then(async () =>
      this.#use(async ({ connection, reader }) => work(new KvWriter(connection, reader))),
    )
    this.#writes = written.catch(() => {})
    return written
  }

  /** The session, made anew when the environment has changed since. */
  #currentSession(): VaultSession {
    const settings = resolveSettings(this.#options, this.name)
    const before = this.#session
    if (before && isDeepStrictEqual(before.settings, settings)) return before
    const session = new VaultSession(settings, this.#options, this.name)
    if (this.#host) session.attach(this.#host)
    this.#sessions.add(session)
    this.#session = session
    if (before) void this.#retire(before)
    return session
  }

  async #retire(session: VaultSession): Promise<void> {
    await session.retire()
    this.#sessions.delete(session)
  }
}

function signalOf({ signal }: Partial<ProviderContext> = {}): AbortSignal {
  const deadline = AbortSignal.timeout(callTimeoutMs)
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}
