import type { ProviderDocument, ProviderSecret } from '../contract/provider-answer.ts'
import { SecretError } from '../contract/secret-error.ts'
import type { ProviderContext, SecretProvider } from '../contract/secret-provider.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import { ReadThrough } from './read-through.ts'

/** How long answers are kept, in milliseconds (requirement R54). */
export const answerLifetime = { found: 300_000, missing: 10_000 } as const

/** A provider's answer for one key. */
export interface LinkAnswer extends Partial<ProviderSecret> {
  /** Milliseconds since the source was read. */
  readonly ageMs: number
  /** Milliseconds for which the answer may be kept from now on. */
  readonly expiresInMs: number
}

/** A document with the time of its read; `undefined` where the source has none. */
export interface HeldDocument {
  readonly document: ProviderDocument | undefined
  readonly readAt: number
}

/** What a link needs to know of its chain. */
export interface LinkOptions {
  /** Unique in the chain. */
  readonly name: string
  /** Milliseconds for one call. */
  readonly timeoutMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const documentKey = 'document'

/**
 * One provider in its chain: the only place that calls it. Every call has a deadline, every answer is checked, every
 * failure is a {@link SecretError} that names the provider; documents are kept here, so that providers keep no copy.
 */
export class ProviderLink {
  readonly name: string
  readonly provider: SecretProvider
  readonly #options: LinkOptions
  readonly #documents: ReadThrough<HeldDocument>
  #known: ProviderDocument | undefined
  #forgotten = 0

  constructor(provider: SecretProvider, options: LinkOptions) {
    this.name = options.name
    this.provider = provider
    this.#options = options
    this.#documents = new ReadThrough({ maxSize: 1, now: options.now, ttl: held => this.#expiresInMs(held) / 1000 })
  }

  /** Whether the provider is configured; one that throws here is asked, and its failure told. */
  isAvailable(): boolean {
    try {
      return this.provider.isAvailable()
    } catch {
      return true
    }
  }

  /** Whether all keys come in one read. */
  get hasDocument(): boolean {
    return this.provider.readDocument !== undefined
  }

  /** One key of a provider without documents. */
  async readKey(key: string): Promise<LinkAnswer> {
    const { provider } = this
    const secret = await this.#call(key, async context => {
      if (provider.readSecret) return checkedSecret(await provider.readSecret({ key }, context))
      return checkedSecret(await provider.getSecret(key, context))
    })
    return answerOf(secret)
  }

  /** One key without waiting; `undefined` when the answer needs waiting. */
  readKeySync(key: string): LinkAnswer | undefined {
    const { provider } = this
    if (!this.hasDocument && provider.getSecretSync === undefined) return undefined
    const held = this.hasDocument ? this.#documentSync() : undefined
    if (held) return this.pick(key, held)
    if (provider.getSecretSync === undefined) return undefined
    return answerOf(this.#callSync(key, () => checkedSecret(provider.getSecretSync?.(key))))
  }

  /** The whole document, kept or read now. */
  document(fresh: boolean): Promise<HeldDocument> {
    const load = async (): Promise<HeldDocument> => {
      const lookup = { known: this.#known }
      const forgotten = this.#forgotten
      const document = await this.#call(undefined, async context => {
        return checkedDocument(await this.provider.readDocument?.(lookup, context))
      })
      // What was under way when the document was forgotten is handed out and not kept.
      if (forgotten === this.#forgotten) this.#known = document
      return { document, readAt: this.#options.now() }
    }
    return fresh ? this.#documents.readFresh(documentKey, load) : this.#documents.read(documentKey, load)
  }

  /** One key of a document. */
  pick(key: string, held: HeldDocument): LinkAnswer {
    const { document } = held
    const unusable = document?.unusable?.get(key)
    if (unusable !== undefined) {
      const message = `Provider "${this.name}" holds something other than a string for "${key}": ${unusable}.`
      throw new SecretError('invalid', message, { provider: this.name, key, hint: 'Store the value as a string.' })
    }
    const value = document?.values.get(key)
    const lifetime = value ? this.#expiresInMs(held) : Math.min(answerLifetime.missing, this.#expiresInMs(held))
    const age = { ageMs: this.#options.now() - held.readAt, expiresInMs: lifetime }
    return value ? { value, version: document?.version, locator: document?.locator, ...age } : age
  }

  /** Names of all keys of a provider without documents; none when it cannot list. */
  async listKeys(): Promise<readonly string[]> {
    return this.#call(undefined, async context => {
      const keys: string[] = []
      for await (const key of this.provider.listKeys?.(context) ?? []) keys.push(key)
      return keys
    })
  }

  /** Has the provider store a value, then forgets what was kept of it. */
  async write(key: string, value: string): Promise<void> {
    await this.#call(key, async context => this.provider.setSecret?.(key, value, context))
    this.forget()
  }

  /** Has the provider remove a key, then forgets what was kept of it. */
  async remove(key: string): Promise<boolean> {
    const removed = await this.#call(key, async context => (await this.provider.deleteSecret?.(key, context)) ?? false)
    this.forget()
    return removed
  }

  /** Drops the document. */
  forget(): void {
    this.#forgotten += 1
    this.#known = undefined
    this.#documents.forget()
  }

  #documentSync(): HeldDocument | undefined {
    const held = this.#documents.get(documentKey)
    if (held !== undefined || this.provider.readDocumentSync === undefined) return held
    const lookup = { known: this.#known }
    const document = this.#callSync(undefined, () => checkedDocument(this.provider.readDocumentSync?.(lookup)))
    const read = { document, readAt: this.#options.now() }
    this.#known = document
    this.#documents.keep(documentKey, read)
    return read
  }

  #expiresInMs({ document, readAt }: HeldDocument): number {
    const lifetime = document === undefined ? answerLifetime.missing : answerLifetime.found
    return Math.max(0, readAt + lifetime - this.#options.now())
  }

  async #call<T>(key: string | undefined, call: (context: ProviderContext) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(this.#options.timeoutMs, signal => call({ signal }))
    } catch (error) {
      throw asSecretError(error, this.name, key)
    }
  }

  #callSync<T>(key: string | undefined, call: () => T): T {
    try {
      return call()
    } catch (error) {
      throw asSecretError(error, this.name, key)
    }
  }
}

/** Any failure as one that is safe to show: what a provider threw may hold anything. */
export function asSecretError(error: unknown, provider: string, key?: string): SecretError {
  if (SecretError.isInstance(error)) return error
  if (error instanceof DeadlineError) {
    const hint = 'Check that its source runs and can be reached from here.'
    return new SecretError('timeout', `Provider "${provider}": ${error.message}.`, { provider, key, hint })
  }
  const message = `Provider "${provider}" failed with something that is not a SecretError.`
  return new SecretError('internal', message, { provider, key, hint: 'Run the conformance suite on this provider.' })
}

function answerOf(secret: ProviderSecret | undefined): LinkAnswer {
  if (!secret?.value) return { ageMs: 0, expiresInMs: answerLifetime.missing }
  return { ...secret, ageMs: 0, expiresInMs: answerLifetime.found }
}

function checkedSecret(answer: unknown): ProviderSecret | undefined {
  if (answer === undefined) return undefined
  if (typeof answer === 'string') return { value: answer }
  if (typeof answer === 'object' && answer !== null && 'value' in answer && typeof answer.value === 'string') {
    // `value` was checked; the other members are optional and only shown.
    return answer as ProviderSecret
  }
  throw new TypeError('answered something that is no secret')
}

function checkedDocument(answer: ProviderDocument | undefined): ProviderDocument | undefined {
  if (answer === undefined || answer.values instanceof Map) return answer
  throw new TypeError('answered something that is no document')
}
