import { homedir } from 'node:os'
import { join } from 'node:path'
import { ChainPass, type ChainAnswer, ProviderChain } from '../chain/provider-chain.ts'
import { answerLifetime, type ProviderLink } from '../chain/provider-link.ts'
import { ReadThrough } from '../chain/read-through.ts'
import type { ResolutionTrace } from '../chain/trace.ts'
import { SecretError } from '../contract/secret-error.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { untilAborted, withDeadline } from '../policy/deadline.ts'
import { defaultSlot } from './default-slot.ts'
import { type Explanation, explanationOf, statusWithoutValue } from './explain.ts'
import { type KeyList, listKeys } from './list-keys.ts'
import {
  type ListOptions,
  managerSettings,
  type ReadOptions,
  type SecretsManagerOptions,
  type WriteOptions,
} from './manager-options.ts'
import { SecretMissingError, SecretUnresolvedError } from './resolution-error.ts'
import { type SecretValue, secretValue } from './secret-value.ts'
import { standardChain } from './standard-chain.ts'
import { wellKnownSecrets } from './well-known-secrets.ts'

/** What code that only reads should ask for; {@link SecretsManager} is one, and so is an object literal in a test. */
export interface SecretReader {
  /** The value, else `fallback`. */
  get(key: string, fallback: string, options?: ReadOptions): Promise<string>
  /** The value, else the fallback, else `undefined`. */
  get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined>
  /** The value; throws {@link SecretMissingError} or {@link SecretUnresolvedError}. */
  require(key: string, options?: ReadOptions): Promise<string>
}

/** How a key was answered, and the value where there is one. */
export type Resolution =
  | { readonly status: 'found'; readonly secret: SecretValue; readonly trace: ResolutionTrace }
  | { readonly status: 'missing' | 'unresolved'; readonly secret?: undefined; readonly trace: ResolutionTrace }

/** An answer, when its source was read, and when it is asked again. */
interface KeptAnswer {
  readonly answer: ChainAnswer
  readonly readAt: number
  readonly expiresAt: number
}

/** One read: the answer, and whether it was kept from an earlier one. */
interface Read {
  readonly kept: KeptAnswer
  readonly cache: ResolutionTrace['cache']
}

/**
 * Asks providers in order until one has the key, remembers the answer, and says where it came from.
 *
 * A value is kept for 300 seconds, a confirmed miss for 10; an answer that rests on a provider that could not be asked
 * is not kept.
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
  readonly #chain: ProviderChain
  readonly #kept: ReadThrough<KeptAnswer>
  readonly #now: () => number
  readonly #timeoutMs: number
  #closing: Promise<void> | undefined

  /**
   * Does no I/O.
   *
   * @throws TypeError when `providers` and `config` are both given, or `config` has an unknown setting.
   * @throws SecretError `not_configured` when `config` or a variable names a provider whose package is not installed.
   */
  constructor(options: SecretsManagerOptions = {}) {
    if (options.providers !== undefined && options.config !== undefined) {
      throw new TypeError('Give either "providers" or "config", not both.')
    }
    const settings = managerSettings(options)
    this.providers = Object.freeze([...(options.providers ?? standardChain(options.config ?? {}))])
    this.#now = settings.now
    this.#timeoutMs = settings.timeoutMs
    this.#chain = new ProviderChain(this.providers, settings)
    this.#kept = new ReadThrough({
      maxSize: settings.maxEntries,
      now: settings.now,
      ttl: ({ expiresAt }) => (expiresAt - settings.now()) / 1000,
    })
  }

  /** The value, else `fallback`. Also falls back when a provider could not be asked; `require` and `resolve` tell the difference. */
  get(key: string, fallback: string, options?: ReadOptions): Promise<string>
  /** The value, else the fallback, else `undefined`. */
  get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined>
  async get(key: string, fallbackOrOptions?: string | ReadOptions, options?: ReadOptions): Promise<string | undefined> {
    const [fallback, readOptions] =
      typeof fallbackOrOptions === 'object' ? [undefined, fallbackOrOptions] : [fallbackOrOptions, options]
    const { kept } = await this.#read(key, readOptions)
    return kept.answer.winner?.answer.value ?? fallback
  }

  /**
   * The value from the cache or from providers that need no waiting, else `fallback`.
   *
   * @throws SecretUnresolvedError when the answer is with a provider that needs waiting.
   */
  getSync(key: string, fallback: string): string
  /** The same; `undefined` where there is no fallback either. */
  getSync(key: string, fallback?: string): string | undefined
  getSync(key: string, fallback?: string): string | undefined {
    this.#check(key)
    const kept = this.#kept.get(key) ?? this.#readSync(key)
    return kept.answer.winner?.answer.value ?? fallback
  }

  /** The value; throws {@link SecretMissingError} or {@link SecretUnresolvedError}. */
  async require(key: string, options?: ReadOptions): Promise<string> {
    const read = await this.#read(key, options)
    const value = read.kept.answer.winner?.answer.value
    if (value !== undefined) return value
    const trace = this.#trace(key, read)
    throw trace.status === 'missing' ? new SecretMissingError(trace) : new SecretUnresolvedError(trace)
  }

  /** Each key's value or `undefined`; a source that keeps all keys in one document is read once. */
  async getMany<const K extends readonly string[]>(
    keys: K,
    options?: ReadOptions,
  ): Promise<{ readonly [P in K[number]]: string | undefined }> {
    const pass = new ChainPass(options?.fresh ?? false)
    const values = await Promise.all(
      keys.map(async key => (await this.#read(key, options, pass)).kept.answer.winner?.answer.value),
    )
    const entries = keys.map((key, index) => [key, values[index]] as const)
    // One entry for each key of K.
    return Object.fromEntries(entries) as { readonly [P in K[number]]: string | undefined }
  }

  /** Value, source and trace; throws for neither a missing nor an unresolved key. */
  async resolve(key: string, options?: ReadOptions): Promise<Resolution> {
    const read = await this.#read(key, options)
    const trace = this.#trace(key, read)
    const { winner, steps } = read.kept.answer
    if (winner?.answer.value === undefined || trace.source === undefined) {
      return { status: statusWithoutValue(steps), trace }
    }
    const origin = { key, source: trace.source, version: winner.answer.version }
    return { status: 'found', secret: secretValue(winner.answer.value, origin), trace }
  }

  /**
   * Asks every provider and says who holds the key and who is shadowed. Makes remote calls; documents that are kept
   * serve unless `fresh` is set.
   */
  async explain(key: string, options: ReadOptions = {}): Promise<Explanation> {
    this.#check(key)
    const survey = this.#chain.survey(key, new ChainPass(options.fresh ?? false))
    return explanationOf(key, await untilAborted(options.signal, survey))
  }

  /** Keys of all providers that can list, and who holds each. Makes remote calls, as `explain` does. */
  async list(options: ListOptions = {}): Promise<KeyList> {
    this.#checkOpen()
    return untilAborted(options.signal, listKeys(this.#chain, options))
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
    const link = this.#writable('setSecret', options.provider)
    if (link === undefined) throw cannotWrite(key, options.provider)
    await link.write(key, value)
    this.#kept.forget(key)
    return true
  }

  /** Stores the Replicate API token, as `setSecret` does. */
  setReplicateToken(token: string): Promise<true> {
    return this.setSecret(wellKnownSecrets.replicate, token)
  }

  /** Removes the key from the first provider that can, or the named one: `true` when it is absent there afterwards, `false` when there is nothing to remove it from. */
  async deleteSecret(key: string, options: WriteOptions = {}): Promise<boolean> {
    this.#check(key)
    const link = this.#writable('deleteSecret', options.provider)
    if (link === undefined) return false
    const removed = await link.remove(key)
    this.#kept.forget(key)
    return removed
  }

  /** Forgets one key or all, the providers' documents included; the next read asks the source. Returns how many keys were kept. */
  clearCache(key?: string): number {
    this.#chain.forget()
    return this.#kept.forget(key)
  }

  /** File of the first provider that has one, else `~/.simpletuner/secrets.json`. */
  getSecretsFilePath(): string {
    const paths = this.providers.map(provider => provider.describe?.().filePath)
    return paths.find(path => path !== undefined) ?? join(homedir(), '.simpletuner', 'secrets.json')
  }

  /** Forgets everything and closes the providers, within `timeoutMs`; reads then throw `closed`. */
  close(): Promise<void> {
    this.#closing ??= this.#closeProviders()
    return this.#closing
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #closeProviders(): Promise<void> {
    this.clearCache()
    const closed = this.providers.map(async provider => withDeadline(this.#timeoutMs, async () => provider.close?.()))
    await Promise.allSettled(closed)
  }

  async #read(key: string, options: ReadOptions = {}, pass = new ChainPass(options.fresh ?? false)): Promise<Read> {
    this.#check(key)
    const kept = options.fresh ? undefined : this.#kept.get(key)
    if (kept !== undefined) return { kept, cache: 'hit' }
    const load = async (): Promise<KeptAnswer> => this.#keep(await this.#chain.resolve(key, pass))
    const loading = options.fresh ? this.#kept.readFresh(key, load) : this.#kept.read(key, load)
    return { kept: await untilAborted(options.signal, loading), cache: 'miss' }
  }

  #readSync(key: string): KeptAnswer {
    const kept = this.#keep(this.#chain.resolveSync(key))
    if (kept.answer.steps.some(({ step }) => step.detail === 'async_only')) {
      throw new SecretUnresolvedError(this.#trace(key, { kept, cache: 'miss' }))
    }
    this.#kept.keep(key, kept)
    return kept
  }

  #keep(answer: ChainAnswer): KeptAnswer {
    const unresolved = answer.winner === undefined && statusWithoutValue(answer.steps) === 'unresolved'
    const said = answer.winner === undefined ? answer.steps.flatMap(step => step.answer ?? []) : [answer.winner.answer]
    const longestMs = answer.winner === undefined ? answerLifetime.missing : answerLifetime.found
    const expiresInMs = unresolved ? 0 : Math.min(longestMs, ...said.map(({ expiresInMs: left }) => left))
    const now = this.#now()
    return { answer, readAt: now - Math.max(0, ...said.map(({ ageMs }) => ageMs)), expiresAt: now + expiresInMs }
  }

  #trace(key: string, { kept, cache }: Read): ResolutionTrace {
    const { winner, steps } = kept.answer
    const now = this.#now()
    return {
      key,
      status: winner === undefined ? statusWithoutValue(steps) : 'found',
      ...(winner !== undefined && { source: winner.step.provider }),
      cache,
      ageMs: now - kept.readAt,
      expiresInMs: Math.max(0, kept.expiresAt - now),
      steps: steps.map(({ step }) => step),
    }
  }

  #writable(method: 'setSecret' | 'deleteSecret', name: string | undefined): ProviderLink | undefined {
    return this.#chain.links.find(link => link.provider[method] && (name === undefined || link.name === name))
  }

  #check(key: string): void {
    this.#checkOpen()
    if (typeof key !== 'string' || key === '') throw new TypeError('A secret key must be a string that is not empty.')
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new SecretError('closed', 'This SecretsManager was closed.')
  }
}

function cannotWrite(key: string, provider: string | undefined): SecretError {
  const who =
    provider === undefined ? 'No provider of this manager can' : `This manager has no provider "${provider}" that can`
  return new SecretError('unsupported', `${who} store secrets; "${key}" was not stored.`, {
    key,
    provider,
    hint: 'Add a provider that can write, such as FileSecretProvider of @st/provider-file.',
  })
}
