import type { ProviderDocument } from '../contract/provider-answer.ts'
import type { ProviderHost, SecretProvider } from '../contract/secret-provider.ts'
import { denied, down } from './failures.ts'

/** What a source held for a key, from a moment on. */
interface Held {
  readonly value: string | undefined
  readonly from: number
}

/** How a call ends: with what the source held when it began, with what it holds now, or with a failure. */
export type Ending = 'as begun' | 'as it is now' | 'down' | 'denied'

/** How a source is asked. */
export type HeldSourceKind = 'keyed' | 'batch' | 'document'

/** A source whose every call ends when the test says so, and that remembers what it held, and when. */
export class HeldSource {
  readonly name: string
  readonly provider: SecretProvider
  host: ProviderHost | undefined
  /** Each ends a read or a write that has not come to its end. */
  readonly calls: ((how: Ending) => void)[] = []
  readonly #moment: () => number
  readonly #timelines = new Map<string, Held[]>()
  readonly #writes: { readonly key: string; readonly value: string | undefined; readonly endedAt: number }[] = []

  constructor(name: string, kind: HeldSourceKind, moment: () => number) {
    this.name = name
    this.#moment = moment
    this.provider = this.#providerOf(kind)
  }

  /** The source holds this from now on. */
  change(key: string, value: string | undefined): void {
    this.#timeline(key).push({ value, from: this.#moment() })
  }

  /** When a write of this value for the key came to its end, well or not. */
  endOfWrite(key: string, value: string | undefined): number {
    const index = this.#writes.findIndex(write => write.key === key && write.value === value)
    const [write] = this.#writes.splice(index, 1)
    return write?.endedAt ?? 0
  }

  /** Whether it held this for the key at the moment or at any later one. */
  heldSince(moment: number, key: string, value: string | undefined): boolean {
    const timeline = this.#timeline(key)
    return timeline.some((held, index) => held.value === value && (timeline[index + 1]?.from ?? Infinity) > moment)
  }

  #timeline(key: string): Held[] {
    const timeline = this.#timelines.get(key) ?? [{ value: undefined, from: 0 }]
    this.#timelines.set(key, timeline)
    return timeline
  }

  #now(key: string): string | undefined {
    return this.#timeline(key).at(-1)?.value
  }

  /** All that it holds now. */
  #document(): ProviderDocument {
    const values = new Map<string, string>()
    for (const key of this.#timelines.keys()) {
      const value = this.#now(key)
      if (value !== undefined) values.set(key, value)
    }
    return { values }
  }

  #providerOf(kind: HeldSourceKind): SecretProvider {
    const provider: SecretProvider = {
      name: this.name,
      isAvailable: () => true,
      attach: host => void (this.host = host),
      getSecret: async key => this.#read(() => this.#now(key)),
      setSecret: async (key, value) => void (await this.#write(key, value)),
      deleteSecret: async key => this.#write(key, undefined),
    }
    if (kind === 'document') provider.readDocument = async () => this.#read(() => this.#document())
    if (kind === 'batch') {
      provider.readSecrets = async keys =>
        this.#read(() => new Map([...this.#document().values].filter(([key]) => keys.includes(key)).map(toSecret)))
    }
    return provider
  }

  /** What a read finds may be what was there when it began. */
  #read<T>(look: () => T): Promise<T> {
    const atFirst = look()
    return this.#hold(how => (how === 'as begun' ? atFirst : look()))
  }

  async #write(key: string, value: string | undefined): Promise<true> {
    try {
      await this.#hold(() => this.change(key, value))
      return true
    } finally {
      this.#writes.push({ key, value, endedAt: this.#moment() })
    }
  }

  #hold<T>(answer: (how: Ending) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.calls.push(how => {
      if (how === 'down') reject(down())
      else if (how === 'denied') reject(denied())
      else resolve(answer(how))
    })
    return promise
  }
}

function toSecret([key, value]: readonly [string, string]): readonly [string, { readonly value: string }] {
  return [key, { value }]
}
