import {
  type DocumentLookup,
  type ProviderContext,
  type ProviderDescription,
  type ProviderDocument,
  SecretError,
  type SecretProvider,
} from '@st/secrets-core/provider'
import { KvReader } from './kv-reader.ts'
import { isNodeVaultInstalled } from './node-vault.ts'
import { once } from './once.ts'
import { connectVault, type VaultClient } from './vault-client.ts'
import {
  checkOptions,
  type HashiCorpVaultProviderOptions,
  isConfigured,
  resolveSettings,
  type VaultSettings,
} from './vault-settings.ts'

/** Milliseconds for one read, where the caller sets no shorter deadline. */
const readTimeoutMs = 10_000

/** What belongs to one set of settings: the connections, and what is known of the mount. */
interface Session {
  readonly settings: VaultSettings
  readonly reader: () => Promise<KvReader>
}

/**
 * Secrets from HashiCorp Vault or OpenBao: one path of a KV engine, version 2 or 1, that holds many keys.
 *
 * It keeps no copy of what it read. node-vault is loaded on first use. The environment is looked at when the provider
 * is asked for something, not when it is made.
 */
export class HashiCorpVaultProvider implements SecretProvider {
  /** Name in traces and errors. */
  readonly name: string
  readonly #options: HashiCorpVaultProviderOptions
  readonly #clients = new Set<VaultClient>()
  #session: Session | undefined
  #isClosed = false

  /**
   * @param options - Where the secret is and how to log in.
   * @throws TypeError when an option cannot be used: an address that is no URL, a path with `..`, a token with a line
   *   break. The message names the option and never its value.
   */
  constructor(options: HashiCorpVaultProviderOptions = {}) {
    checkOptions(options)
    this.name = options.name ?? 'vault'
    this.#options = { ...options }
  }

  /** Whether an address and a token are given and node-vault is there. Nothing is asked. */
  isAvailable(): boolean {
    return isConfigured(this.#options) && isNodeVaultInstalled()
  }

  /**
   * Reads one key. Each call reads the whole path; the manager, which keeps documents, asks `readDocument`.
   *
   * @returns The value, or `undefined` when the path holds nothing, is deleted, or has no such key.
   * @throws SecretError when Vault could not be asked, or the key holds an array or object.
   */
  async getSecret(key: string, context: Partial<ProviderContext> = {}): Promise<string | undefined> {
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
   * @returns The document with the API path, and in KV 2 the version and its time; the one in `lookup.known` when the
   *   version is still the same; `undefined` when the path holds nothing or its newest version is deleted or destroyed.
   * @throws SecretError when Vault could not be asked, refused, or answered something else.
   */
  async readDocument(
    lookup: DocumentLookup = {},
    context: Partial<ProviderContext> = {},
  ): Promise<ProviderDocument | undefined> {
    if (this.#isClosed) throw this.#closedError()
    const reader = await this.#sessionFor(resolveSettings(this.#options, this.name)).reader()
    const document = await reader.read(withDeadline(context.signal))
    const { known } = lookup
    const isUnchanged = known?.version !== undefined && known.version === document?.version
    return isUnchanged && known.locator === document?.locator ? known : document
  }

  /** Address, namespace, mount, path and version; nothing while they cannot be used. Never the token. */
  describe(): ProviderDescription {
    try {
      const { url, namespace, mountPoint, path, kvVersion, verifiesTls } = resolveSettings(this.#options, this.name)
      return { url, namespace, mountPoint, path, kvVersion, verifiesTls }
    } catch {
      return {}
    }
  }

  /** Ends all connections. Reads are refused afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const client of this.#clients) client.close()
    this.#clients.clear()
  }

  /** The session, made anew when the environment has changed since. */
  #sessionFor(settings: VaultSettings): Session {
    if (this.#session === undefined || !isSame(this.#session.settings, settings)) {
      this.#session = { settings, reader: once(() => this.#connect(settings)) }
    }
    return this.#session
  }

  async #connect(settings: VaultSettings): Promise<KvReader> {
    const client = await connectVault(settings, this.name)
    if (this.#isClosed) {
      client.close()
      throw this.#closedError()
    }
    this.#clients.add(client)
    return new KvReader(client, { ...settings, provider: this.name })
  }

  #closedError(): SecretError {
    return new SecretError('closed', `Provider "${this.name}" is closed.`, { provider: this.name })
  }
}

function isSame(one: VaultSettings, other: VaultSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function withDeadline(signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(readTimeoutMs)
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}
