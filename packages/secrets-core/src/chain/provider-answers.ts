import type { ProviderDocument, ProviderSecret, VersionLookup } from '../contract/provider-answer.ts'
import { SecretError } from '../contract/secret-error.ts'
import { JointAbort } from '../policy/joint-abort.ts'
import { AnswerStore, type AnswerStoreOptions, type Ask, type Had } from './answer-store.ts'
import type { ChainPass } from './chain-pass.ts'
import type { Epoch } from './epoch.ts'
import { checkedDocument, checkedSecret, checkedSecrets, type SecretsByKey } from './checked-answer.ts'
import type { Asked, GuardedProvider } from './guarded-provider.ts'

/** What a provider holds for one key. */
export interface ProviderAnswer {
  /** The value with its provenance; `undefined` when the provider has no such key. */
  readonly secret?: ProviderSecret | undefined
  /** Why it has no such key. */
  readonly detail?: string | undefined
  /** Monotonic milliseconds of the read at the source. */
  readonly readAt: number
  /** Monotonic milliseconds from which on the source is asked again. */
  readonly expiresAt: number
  /** It had been read before. */
  readonly isKept: boolean
  /** It is one key of a document. */
  readonly isOfDocument: boolean
  readonly attempts: number
  /** Why a value is handed out that is past its time. */
  readonly failure?: SecretError | undefined
}

/** Options of {@link ProviderAnswers}. */
export interface ProviderAnswersOptions extends AnswerStoreOptions {
  /** Of the chain. */
  readonly epoch: Epoch
}

/**
 * The answers of one provider by key, out of one kept document or out of kept keys. A document is the only copy: its
 * age counts from its read, and providers keep none.
 */
export class ProviderAnswers {
  readonly guard: GuardedProvider
  readonly #epoch: Epoch
  readonly #secrets: AnswerStore<ProviderSecret | undefined>
  readonly #documents: AnswerStore<ProviderDocument | undefined>

  constructor(guard: GuardedProvider, { epoch, ...options }: ProviderAnswersOptions) {
    this.guard = guard
    this.#epoch = epoch
    this.#secrets = new AnswerStore(guard, options)
    this.#documents = new AnswerStore(guard, { ...options, onOutdate: () => void (epoch.current += 1) })
  }

  /** Whether all keys come in one read. */
  get hasDocument(): boolean {
    return this.guard.provider.readDocument !== undefined
  }

  /** Whether another version than the current one can be asked for. */
  get hasVersions(): boolean {
    const { provider } = this.guard
    return provider.hasVersions === true && (this.hasDocument || provider.readSecret !== undefined)
  }

  /** What the provider holds for a key. */
  async read(key: string, pass: ChainPass): Promise<ProviderAnswer> {
    if (this.hasDocument) return this.#pick(key, await this.document(pass))
    const batch = this.#batchOf(pass)
    const ask = batch.keys.has(key) ? this.#askBatch(key, batch, pass) : this.#askKey(key, pass.lookup)
    return answerOf(await this.#secrets.read(slotOf(pass.lookup, key), ask, pass))
  }

  /** The same without waiting, from what is kept or from a source that needs none; `undefined` when it needs waiting. */
  readSync(key: string): ProviderAnswer | undefined {
    const { provider } = this.guard
    const documentSlot = slotOf({})
    const known = this.#documents.known(documentSlot)
    const document =
      provider.readDocumentSync === undefined
        ? this.#documents.live(documentSlot)
        : this.#documents.readSync(documentSlot, () => checkedDocument(provider.readDocumentSync?.({ known })))
    if (document !== undefined) return this.#pick(key, document)
    const slot = slotOf({}, key)
    const secret =
      provider.getSecretSync === undefined
        ? this.#secrets.live(slot)
        : this.#secrets.readSync(slot, () => checkedSecret(provider.getSecretSync?.(key)))
    return secret && answerOf(secret)
  }

  /** The whole document; read at most once in a pass. */
  document(pass: ChainPass): Promise<Had<ProviderDocument | undefined>> {
    const slot = slotOf(pass.lookup)
    const ask: Ask<ProviderDocument | undefined> = async signal =>
      this.guard.read(async context => {
        const lookup = { ...pass.lookup, known: this.#documents.known(slot) }
        return checkedDocument(await this.guard.provider.readDocument?.(lookup, context))
      }, signal)
    return pass.share(this, async () => this.#documents.read(slot, ask, pass))
  }

  /** Has the reads of these keys that follow in this pass served by one call, where the provider can. */
  prepare(keys: readonly string[], pass: ChainPass): void {
    if (this.guard.provider.readSecrets === undefined || this.hasDocument) return
    const wanted = keys.filter(key => pass.fresh || this.#secrets.live(slotOf({}, key)) === undefined)
    if (wanted.length > 1) this.#batchOf(pass, wanted)
  }

  /** Drops what is kept of one key, its versions included, or of all; a document is dropped whole. */
  forget(key?: string): void {
    this.#documents.forget()
    // What was taken out of the document for other keys goes with it.
    if (this.hasDocument) this.#epoch.current += 1
    if (key === undefined) this.#secrets.forget()
    else this.#secrets.forget(slotOf({}, key))
  }

  /** The keys that one call serves in this pass. */
  #batchOf(pass: ChainPass, keys: readonly string[] = []): Batch {
    return pass.share(this, () => ({ keys: new Set(keys), callers: new JointAbort() }))
  }

  #askKey(key: string, lookup: VersionLookup): Ask<ProviderSecret | undefined> {
    const { provider } = this.guard
    return async signal =>
      this.guard.read(async context => {
        if (provider.readSecret) return checkedSecret(await provider.readSecret({ key, ...lookup }, context))
        return checkedSecret(await provider.getSecret(key, context))
      }, signal)
  }

  #askBatch(key: string, batch: Batch, pass: ChainPass): Ask<ProviderSecret | undefined> {
    return async signal => {
      batch.callers.add(signal)
      const asked = await pass.share(batch, async () => this.#readBatch(batch))
      const found = asked.answer.get(key)
      if (found instanceof Error) throw this.guard.failureAfter(asked.attempts, found)
      return { ...asked, answer: found }
    }
  }

  #readBatch({ keys, callers }: Batch): Promise<Asked<SecretsByKey>> {
    return this.guard.read(
      async context => checkedSecrets(await this.guard.provider.readSecrets?.([...keys], context)),
      callers.signal,
    )
  }

  /** One key of a document. */
  #pick(key: string, had: Had<ProviderDocument | undefined>): ProviderAnswer {
    const { answer: document, ...times } = had.kept
    if (document?.unusable?.has(key)) {
      throw this.guard.failureAfter(had.isKept ? 0 : times.attempts, unusable(key, document, this.guard.name))
    }
    const value = document?.values.get(key)
    // A stale document answers only for what it holds: whether the rest is missing is for its source to say.
    if (!value && had.failure !== undefined) throw had.failure
    const { version, locator, detail } = document ?? {}
    const secret = value ? { value, version, locator } : undefined
    return { ...times, secret, detail, isKept: had.isKept, isOfDocument: true, failure: had.failure }
  }
}

function unusable(key: string, { unusable: types, locator }: ProviderDocument, provider: string): SecretError {
  const message = `Provider "${provider}" holds something other than a string for "${key}": ${types?.get(key)}.`
  const place = locator === undefined ? '' : `, in ${locator}`
  return new SecretError('invalid', message, { provider, key, hint: `Store the value as a string${place}.` })
}

/** Keys of a pass that one call serves. */
interface Batch {
  readonly keys: ReadonlySet<string>
  /** Those who wait for one of the keys, in this pass or in another. */
  readonly callers: JointAbort
}

/** Versions come behind the key, so that all slots of a key begin alike, and no other's do. */
function slotOf({ version, stage }: VersionLookup, key = ''): string {
  const slot = JSON.stringify(key)
  return version === undefined && stage === undefined ? slot : `${slot} ${JSON.stringify([version, stage])}`
}

function answerOf({ kept, isKept, failure }: Had<ProviderSecret | undefined>): ProviderAnswer {
  const { answer: secret, ...times } = kept
  return { ...times, secret, isKept, isOfDocument: false, failure }
}
