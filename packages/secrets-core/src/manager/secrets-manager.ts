import { Epoch } from '../chain/epoch.ts'
import { ProviderChain } from '../chain/provider-chain.ts'
import { providerLinks } from '../chain/provider-link.ts'
import type { ResolutionTrace } from '../chain/trace.ts'
import { SecretError } from '../contract/secret-error.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { closeProviders } from './close-providers.ts'
import { defaultSlot } from './default-slot.ts'
import { channels } from './diagnostics.ts'
import type { Explanation } from './explain.ts'
import type { NamedHealth } from './health-report.ts'
import { inTime } from './in-time.ts'
import type { KeyList } from './list-keys.ts'
import {
  type HealthOptions,
  type ListOptions,
  managerSettings,
  type ManagerSettings,
  type OverlapOptions,
  type ReadOptions,
  type ResolveOptions,
  type SecretsManagerOptions,
  type SubscribeOptions,
  type WriteOptions,
} from './manager-options.ts'
import type { ManagerStats } from './manager-stats.ts'
import { type Read, type Resolution, resolutionOf, traceOf } from './resolution.ts'
import type { OnDemand } from './on-demand.ts'
import { onDemandParts } from './on-demand-parts.ts'
import { attachHost } from './provider-host.ts'
import { resolutionError } from './resolution-error.ts'
import { Resolver } from './resolver.ts'
import { Rotations } from './rotations.ts'
import type { ChangeListener, SecretChange } from './secret-change.ts'
import type { RequiredValues, SecretReader, SecretValues } from './secret-reader.ts'
import { fieldsOf, type Loaded, type SecretShape } from './secret-shape.ts'
import { secretsFilePath } from './secrets-file-path.ts'
import { standardChain } from './standard-chain.ts'
import { Subscriptions } from './subscriptions.ts'
import { UnresolvedWarnings } from './unresolved-warnings.ts'
import { wellKnownSecrets } from './well-known-secrets.ts'
import type { SecretAttempt, WithSecretOptions } from './with-secret.ts'

/**
 * Asks providers in order until one has the key, remembers the answer, and says where it came from.
 *
 * *Missing* (every provider answered: no) and *unresolved* (somebody could not be asked) are told apart everywhere but
 * in `get`, which gives the fallback for both. How long answers are kept, how often and for how long a provider is
 * asked, is its {@link ProviderPolicy}.
 */
export class SecretsManager implements SecretReader, AsyncDisposable {
  /** Key of the Replicate API token. */
  static readonly REPLICATE_API_TOKEN: 'REPLICATE_API_TOKEN' = wellKnownSecrets.replicate
  /** Key of the Hugging Face token. */
  static readonly HF_TOKEN: 'HF_TOKEN' = wellKnownSecrets.huggingFace
  /** Key of the secret that signs webhooks. */
  static readonly WEBHOOK_SECRET: 'CLOUD_WEBHOOK_SECRET' = wellKnownSecrets.webhook

  /** Forgets the process-wide manager at once and closes it; the next `getSecretsManager()` makes another. */
  static async reset(): Promise<void> {
    const { manager } = defaultSlot
    defaultSlot.manager = undefined
    await manager?.close()
  }

  /** In the order in which they are asked. */
  readonly providers: readonly SecretProvider[]
  readonly #settings: ManagerSettings
  readonly #chain: ProviderChain
  readonly #resolver: Resolver
  readonly #rotations: Rotations
  readonly #subscriptions: Subscriptions
  readonly #warnings: UnresolvedWarnings
  #loaded: OnDemand | undefined
  #closing: Promise<void> | undefined

  /**
   * Does no I/O.
   *
   * @throws TypeError when `providers` and `config` are both given, or `config` has an unknown setting.
   * @throws RangeError for a number that is out of its range.
   * @throws SecretError `not_configured` when `config` or a variable names a provider whose package is not installed.
   */
  constructor(options: SecretsManagerOptions = {}) {
    if (options.providers !== undefined && options.config !== undefined) {
      throw new TypeError('Give either "providers" or "config", not both.')
    }
    const settings = managerSettings(options)
    const epoch = new Epoch()
    const links = providerLinks(options.providers ?? standardChain(options.config ?? {}), {
      ...settings,
      epoch,
      policy: options.policy,
    })
    this.providers = Object.freeze(links.map(({ provider }) => provider))
    this.#settings = settings
    this.#chain = new ProviderChain(links, { ...settings, epoch })
    this.#rotations = new Rotations(settings)
    this.#warnings = new UnresolvedWarnings(settings.now)
    this.#resolver = new Resolver(this.#chain, {
      ...settings,
      onResolved: (key, kept, isCurrent) => {
        if (kept.value !== undefined) options.redactor?.protect(kept.value, key)
        if (isCurrent) this.#rotations.observe(key, kept)
      },
    })
    this.#subscriptions = new Subscriptions({ rotations: this.#rotations, reread: async key => this.#reread(key) })
    for (const link of links) {
      attachHost(link, { redactor: options.redactor, onChange: key => this.#forget(key, 'source_changed') })
    }
  }

  /** The value, else `fallback`. Also falls back when a provider could not be asked; `require` and `resolve` tell the difference. */
  get(key: string, fallback: string, options?: ReadOptions): Promise<string>
  /** The value, else the fallback, else `undefined`. */
  get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined>
  get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined> {
    const [fallback, readOptions] =
      typeof fallbackOrOptions === 'object' ? [undefined, fallbackOrOptions] : [fallbackOrOptions, options]
    // Not an async function, which alone would cost a hit as much again.
    return this.#found(key, readOptions) ?? this.#getOr(key, fallback, readOptions)
  }

  /**
   * The value from what is kept or from providers that need no waiting, else `fallback`.
   *
   * @throws SecretUnresolvedError when the answer is with a provider that needs waiting.
   */
  getSync(key: string, fallback: string): string
  /** The same; `undefined` where there is no fallback either. */
  getSync(key: string, fallback?: string): string | undefined
  getSync(key: string, fallback?: string): string | undefined {
    const known = channels.resolve.hasSubscribers ? undefined : this.#resolver.value(key)
    if (known !== undefined) return known
    this.#check(key)
    const read = this.#resolver.readSync(key)
    const { steps } = read.kept.answer
    if (steps.some(({ step }) => step.detail === 'async_only')) throw resolutionError(this.#trace(read))
    return this.#valueOr(read, fallback)
  }

  /** The value; throws {@link SecretMissingError} or {@link SecretUnresolvedError}. */
  require(key: string, options?: ReadOptions): Promise<string> {
    return this.#found(key, options) ?? this.#getOrThrow(key, options)
  }

  /** Each key's value or `undefined`, with as few requests as the sources allow. */
  async getMany<const K extends readonly string[]>(keys: K, options?: ReadOptions): Promise<SecretValues<K>> {
    const reads = await this.#readMany(keys, options)
    const entries = reads.map(read => [read.key, this.#valueOr(read, undefined)] as const)
    // One entry a key, as `K` says.
    return Object.fromEntries(entries) as SecretValues<K>
  }

  /** Value, source and trace; throws for neither a missing nor an unresolved key. */
  async resolve(key: string, options: ResolveOptions = {}): Promise<Resolution> {
    this.#check(key)
    const { version, stage } = options
    const isCurrent = version === undefined && (stage === undefined || stage === 'current')
    const read = isCurrent
      ? this.#resolver.read(key, options)
      : this.#resolver.readVersion(key, { version, stage }, options)
    return resolutionOf(await read, this.#settings.now())
  }

  /** Asks every provider now and says who holds the key and who is shadowed. Makes remote calls. */
  async explain(key: string, options: ReadOptions = {}): Promise<Explanation> {
    this.#check(key)
    const explanation = await inTime(options, signal =>
      this.#onDemand(loaded => loaded.explain(key, { ...options, signal })),
    )
    // What is kept of the key may be older than what was seen just now.
    if (options.fresh !== false) this.#resolver.forget(key)
    return explanation
  }

  /** Keys of all providers that can list, and who holds each. Makes remote calls. */
  async list(options: ListOptions = {}): Promise<KeyList> {
    this.#checkOpen()
    return inTime(options, signal => this.#onDemand(loaded => loaded.list({ ...options, signal })))
  }

  /**
   * Reads and parses a whole configuration.
   *
   * @throws SecretLoadError that names every key that is missing, unresolved or does not fit its schema.
   */
  async load<const S extends SecretShape>(shape: S, options?: ReadOptions): Promise<Loaded<S>> {
    const fields = fieldsOf(shape)
    const keys = fields.map(({ key }) => key)
    const reads = await this.#readMany(keys, options)
    // Each member holds what its own schema gave.
    return this.#onDemand(async loaded => (await loaded.load(fields, reads)) as Loaded<S>)
  }

  /**
   * Runs `use` with the value; when it fails because the value is refused, reads the source once for all callers and, if
   * the value has changed, runs `use` once more. Throws as `require` does, and whatever `use` throws.
   */
  withSecret<R>(
    key: string,
    use: (value: string, attempt: SecretAttempt) => R | PromiseLike<R>,
    options?: WithSecretOptions,
  ): Promise<R>
  /** The same for values that rotate together; they come from one read of one document where the source has documents. */
  withSecret<const K extends readonly string[], R>(
    keys: K,
    use: (values: RequiredValues<K>, attempt: SecretAttempt) => R | PromiseLike<R>,
    options?: WithSecretOptions,
  ): Promise<R>
  withSecret<R>(
    keys: string | readonly string[],
    use: (value: never, attempt: SecretAttempt) => R | PromiseLike<R>,
    options: WithSecretOptions = {},
  ): Promise<R> {
    return this.#onDemand(loaded => loaded.withSecret(keys, use, options))
  }

  /**
   * The current value first, then the one before it while the overlap lasts: for verifiers, such as of a webhook's
   * signature. The manager has seen the value before only if somebody has read it. Throws as `require` does.
   */
  async acceptedValues(
    key: string,
    { overlap = 600, signal }: OverlapOptions = {},
  ): Promise<readonly [current: string, ...previous: string[]]> {
    const current = await this.require(key, { signal })
    const previous = this.#rotations.previous(key, overlap)
    return previous === undefined || previous === current ? [current] : [current, previous]
  }

  /**
   * Calls `listener` after each change of the key. While somebody is subscribed it is read again in the background when
   * its time is up. What the listener throws becomes an uncaught exception.
   */
  subscribe(key: string, listener: ChangeListener, options: SubscribeOptions = {}): Disposable {
    this.#check(key)
    return this.#subscriptions.add(key, listener, options.signal)
  }

  /** The Replicate API token, or `undefined`. */
  getReplicateToken(): Promise<string | undefined> {
    return this.get(wellKnownSecrets.replicate)
  }

  /** The Hugging Face token, or `undefined`. */
  getHfToken(): Promise<string | undefined> {
    return this.get(wellKnownSecrets.huggingFace)
  }

  /** The secret that signs webhooks, or `undefined`. */
  getWebhookSecret(): Promise<string | undefined> {
    return this.get(wellKnownSecrets.webhook)
  }

  /**
   * Stores in the first provider that can write, or the named one. Priority does not change: ask `explain` who answers
   * now (requirement R4).
   *
   * @throws SecretError `unsupported` when no provider can write; whatever the provider says when it cannot now.
   */
  async setSecret(key: string, value: string, options: WriteOptions = {}): Promise<true> {
    this.#check(key)
    if (typeof value !== 'string') throw new TypeError(`The value of "${key}" must be a string.`)
    return this.#onDemand(loaded => loaded.store({ key, ...options }, value))
  }

  /** Stores the Replicate API token, as `setSecret` does. */
  setReplicateToken(token: string): Promise<true> {
    return this.setSecret(wellKnownSecrets.replicate, token)
  }

  /** Removes the key from the first provider that can, or the named one: `true` when it is absent there afterwards, `false` when there is nothing to remove it from. */
  async deleteSecret(key: string, options: WriteOptions = {}): Promise<boolean> {
    this.#check(key)
    return this.#onDemand(loaded => loaded.remove({ key, ...options }))
  }

  /**
   * Forgets one key or all, the providers' documents and earlier values included; the next read asks the source.
   *
   * @returns How many keys were kept.
   */
  clearCache(key?: string): number {
    this.#chain.forget(key)
    this.#rotations.forget(key)
    return this.#forget(key, 'cleared')
  }

  /** File of the first provider that has one, else `~/.simpletuner/secrets.json`. */
  getSecretsFilePath(): string {
    return secretsFilePath(this.providers)
  }

  /** Asks every provider how it is; in the order of the chain. */
  async checkHealth(options: HealthOptions = {}): Promise<readonly NamedHealth[]> {
    this.#checkOpen()
    return this.#onDemand(loaded => loaded.checkHealth(options.signal))
  }

  /** Counters up to now. */
  stats(): ManagerStats {
    return { ...this.#resolver.stats(), providers: this.#chain.links.map(({ answers }) => answers.guard.stats()) }
  }

  /** Forgets everything and closes the providers, within `timeoutMs`; reads then throw `closed`. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #close(): Promise<void> {
    this.#subscriptions.close()
    this.#rotations.close()
    this.#chain.forget()
    this.#resolver.forget()
    return closeProviders(this.providers, this.#settings.timeoutMs)
  }

  /** The kept value, where nobody needs to know that it is handed out. */
  #found(key: string, options: ReadOptions | undefined): Promise<string> | undefined {
    if (options !== undefined || typeof key !== 'string' || channels.resolve.hasSubscribers) return undefined
    return this.#resolver.found(key)
  }

  async #getOr(key: string, fallback: string | undefined, options?: ReadOptions): Promise<string | undefined> {
    return this.#valueOr(await this.#read(key, options), fallback)
  }

  async #getOrThrow(key: string, options?: ReadOptions): Promise<string> {
    return this.#valueOrThrow(await this.#read(key, options))
  }

  #valueOr(read: Read, fallback: string | undefined): string | undefined {
    const value = read.kept.value
    if (value === undefined && read.kept.status === 'unresolved') {
      const trace = this.#trace(read)
      if (read.kept.isFinal) throw resolutionError(trace)
      this.#warnings.warn(trace)
    }
    return value ?? fallback
  }

  #valueOrThrow(read: Read): string {
    const value = read.kept.value
    if (value === undefined) throw resolutionError(this.#trace(read))
    return value
  }

  #read(key: string, options?: ReadOptions): Promise<Read> {
    this.#check(key)
    return this.#resolver.read(key, options)
  }

  async #readMany(keys: readonly string[], options?: ReadOptions): Promise<readonly Read[]> {
    for (const key of keys) this.#check(key)
    return this.#resolver.readMany(keys, options)
  }

  /** Several are read in one pass, so that those of one document are of one version. */
  async #readAllOrThrow(keys: readonly string[], options: ReadOptions): Promise<readonly Read[]> {
    for (const key of keys) this.#check(key)
    const { fresh = false, signal } = options
    const reads =
      keys.length === 1 ? await this.#readMany(keys, options) : await this.#resolver.readTogether(keys, fresh, signal)
    for (const read of reads) this.#valueOrThrow(read)
    return reads
  }

  /** Milliseconds until the key is to be read again. */
  async #reread(key: string): Promise<number> {
    try {
      return (await this.#read(key)).kept.expiresAt - this.#settings.now()
    } catch {
      // The manager was closed.
      return Infinity
    }
  }

  #trace(read: Read): ResolutionTrace {
    return traceOf(read, this.#settings.now())
  }

  #forget(key: string | undefined, reason: SecretChange['reason']): number {
    this.#rotations.expect(key, reason)
    const count = this.#resolver.forget(key)
    void this.#subscriptions.look(key)
    return count
  }

  #check(key: string): void {
    this.#checkOpen()
    if (typeof key !== 'string' || key === '') throw new TypeError('A secret key must be a string that is not empty.')
  }

  async #onDemand<T>(use: (loaded: OnDemand) => Promise<T>): Promise<T> {
    if (this.#loaded === undefined) {
      const { OnDemand } = await import('./on-demand.ts')
      // The manager may have been closed meanwhile.
      this.#checkOpen()
      // Callers who begin together share one.
      this.#loaded ??= new OnDemand({
        ...onDemandParts,
        chain: this.#chain,
        now: this.#settings.now,
        errorOf: read => resolutionError(this.#trace(read)),
        read: async (keys, options) => this.#readAllOrThrow(keys, options),
        refused: keys => keys.forEach(key => this.#rotations.expect(key, 'auth_failure')),
        written: key => void this.#forget(key, 'written'),
      })
    }
    return use(this.#loaded)
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new SecretError('closed', 'This SecretsManager was closed.')
  }
}
