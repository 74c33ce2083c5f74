import type { ProviderDocument } from '../contract/provider-answer.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { denied, down } from './failures.ts'

/** How a source is: it answers, fails for a while, refuses, or is not configured. */
export type Mood = 'up' | 'down' | 'denying' | 'off'

/** How a provider is asked. */
export type SourceKind = 'keyed' | 'document' | 'sync keyed' | 'sync document'

/** One read of a source: of a key, or of its document, which is `'*'`; what it held, or how it failed. */
export interface SourceRead {
  readonly slot: string
  readonly outcome: ReadonlyMap<string, string> | 'down' | 'denying'
}

/** A source that changes over time, and remembers each read. */
export class ChangingSource {
  readonly name: string
  readonly kind: SourceKind
  /** Seconds for which it vouches for its answers. */
  readonly ttl: number | undefined
  readonly secrets: Map<string, string> = new Map()
  mood: Mood = 'up'
  reads: SourceRead[] = []

  constructor(name: string, kind: SourceKind, ttl: number | undefined) {
    this.name = name
    this.kind = kind
    this.ttl = ttl
  }

  get hasDocument(): boolean {
    return this.kind === 'document' || this.kind === 'sync document'
  }

  get isSync(): boolean {
    return this.kind === 'sync keyed' || this.kind === 'sync document'
  }

  /** Where the answer for a key is found. */
  slotOf(key: string): string {
    return this.hasDocument ? '*' : key
  }

  /** The provider over this source. */
  get provider(): SecretProvider {
    const provider: SecretProvider = {
      name: this.name,
      isAvailable: () => this.mood !== 'off',
      getSecret: async key => this.#readKey(key),
      setSecret: async (key, value) => void this.secrets.set(key, value),
    }
    if (this.ttl !== undefined) {
      const { ttl } = this
      provider.readSecret = async ({ key }) => {
        const value = this.#readKey(key)
        return value === undefined ? undefined : { value, ttl }
      }
    }
    if (this.hasDocument) provider.readDocument = async () => this.#readDocument()
    if (this.kind === 'sync document') provider.readDocumentSync = () => this.#readDocument()
    if (this.kind === 'sync keyed') provider.getSecretSync = key => this.#readKey(key)
    return provider
  }

  #readKey(key: string): string | undefined {
    const value = this.secrets.get(key)
    this.#read(key, new Map(value === undefined ? [] : [[key, value]]))
    return value
  }

  #readDocument(): ProviderDocument {
    const values = new Map(this.secrets)
    this.#read('*', values)
    return { values, ttl: this.ttl }
  }

  #read(slot: string, held: ReadonlyMap<string, string>): void {
    const outcome = this.mood === 'down' || this.mood === 'denying' ? this.mood : held
    this.reads.push({ slot, outcome })
    if (outcome === 'down') throw down()
    if (outcome === 'denying') throw denied()
  }
}
