import { TTLCache } from '@st/ttl-cache'
import { ChainPass } from '../chain/chain-pass.ts'
import type { ProviderChain } from '../chain/provider-chain.ts'
import type { ChainAnswer } from '../chain/chain-answer.ts'
import type { VersionLookup } from '../contract/provider-answer.ts'
import { untilAborted } from '../contract/until-aborted.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import { Batch } from './batch.ts'
import { channels } from './diagnostics.ts'
import { callerTimeout } from './in-time.ts'
import type { ReadOptions } from './manager-options.ts'
import { keptResolution, type KeptResolution, type Read, traceOf } from './resolution.ts'

/** Options of a {@link Resolver}. */
export interface ResolverOptions {
  /** Keys remembered at most. */
  readonly maxEntries: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** The same, where the caller gave it; caches read that of the process less often. */
  readonly clock: (() => number) | undefined
  /** Called with what the chain said; `isCurrent` is false when the key was forgotten while it was asked. */
  readonly onResolved: (key: string, kept: KeptResolution, isCurrent: boolean) => void
}

/** Counters of a {@link Resolver}. */
export interface ResolverStats {
  readonly size: number
  readonly hits: number
  readonly misses: number
  readonly staleServed: number
}

/** What the chain says about keys, remembered, and asked for once by any number of callers. */
export class Resolver {
  readonly #chain: ProviderChain
  readonly #options: ResolverOptions
  readonly #cache: TTLCache<KeptResolution>
  readonly #asking = new Set<Asking>()
  /** What callers without options wait for; the next one joins, so that many cost little more than one. */
  readonly #shared = new Map<string, SharedRead>()
  #hits = 0
  #misses = 0
  #staleServed = 0

  constructor(chain: ProviderChain, options: ResolverOptions) {
    this.#chain = chain
    this.#options = options
    const { maxEntries: maxSize, clock: now } = options
    this.#cache = new TTLCache({ name: 'secrets.resolutions', maxSize, now, cleanupInterval: Infinity })
  }

  /** The kept value. */
  value(key: string): string | undefined {
    return this.#counted(this.#cache.get(key))?.value
  }

  /** The same for a caller who hands out a promise. */
  found(key: string): Promise<string> | undefined {
    return this.#counted(this.#cache.getAwaited(key))?.found
  }

  /** Counters up to now. */
  stats(): ResolverStats {
    const { size } = this.#cache.stats()
    return { size, hits: this.#hits, misses: this.#misses, staleServed: this.#staleServed }
  }

  /** One key. */
  read(key: string, options?: ReadOptions): Promise<Read> {
    if (options === undefined) return this.#join(key)
    const ask = this.#askFor(key, options)
    return this.#inTime(key, options, signal => this.#read(key, ask, { fresh: options.fresh, signal }))
  }

  /** Several keys, which share what their sources allow to be shared. */
  readMany(keys: readonly string[], options: ReadOptions = {}): Promise<readonly Read[]> {
    const { fresh } = options
    const batch = new Batch(async (wanted, signal) => this.#chain.resolve(wanted, new ChainPass({ fresh, signal })))
    const reading = keys.map(async key => {
      const ask: AskOne = async waiting => answerIn(await batch.answers(key, waiting), key)
      return this.#inTime(key, options, async signal => this.#read(key, ask, { fresh, signal }))
    })
    batch.begin()
    return Promise.all(reading)
  }

  /** Without waiting. */
  readSync(key: string): Read {
    const live = this.#ifCurrent(this.#cache.get(key))
    if (live !== undefined) return this.#told({ key, kept: live, isKept: true })
    const { current: epoch } = this.#chain.epoch
    const resolved = this.#settle(key, this.#chain.resolveSync(key), { keys: [key], epoch, isCurrent: true })
    const secondsLeft = this.#secondsLeft(resolved)
    // What is not kept must not end what others are waiting for.
    if (secondsLeft > 0) {
      this.#shared.delete(key)
      this.#cache.set(key, resolved, secondsLeft)
    }
    return this.#told({ key, kept: resolved, isKept: false })
  }

  /** Several keys in one pass over the sources, so that those of one document are of one version. */
  readTogether(keys: readonly string[], fresh: boolean, signal: AbortSignal | undefined): Promise<readonly Read[]> {
    return this.#ask(keys, async asking => {
      const answers = await untilAborted(signal, this.#chain.resolve(keys, new ChainPass({ fresh, signal })))
      return keys.map(key => {
        const kept = this.#settle(key, answerIn(answers, key), asking)
        if (fresh) this.#drop(key)
        return this.#told({ key, kept, isKept: false })
      })
    })
  }

  /**
   * Another version of a key than the current one. Only the provider that holds the current one is asked: a chain of
   * previous values would pair one source's current value with another's previous one.
   */
  readVersion(key: string, lookup: VersionLookup, options: ReadOptions): Promise<Read> {
    const { fresh } = options
    return this.#inTime(key, options, async signal => {
      const { kept: current } = await this.#read(key, this.#askFor(key, options), { fresh, signal })
      const pass = new ChainPass({ fresh, signal, lookup })
      const asked = this.#chain.resolveVersion(key, current.answer, pass)
      const kept = this.#keep(await untilAborted(signal, asked))
      this.#options.onResolved(key, kept, false)
      return this.#told({ key, kept, isKept: false })
    })
  }

  /** Drops one key or all; what is under way for them is not kept. Returns how many were. */
  forget(key?: string): number {
    for (const asking of this.#asking) {
      if (key === undefined || asking.keys.includes(key)) asking.isCurrent = false
    }
    if (key !== undefined) return this.#drop(key) ? 1 : 0
    this.#shared.clear()
    return this.#cache.clear()
  }

  #drop(key: string): boolean {
    this.#shared.delete(key)
    return this.#cache.delete(key)
  }

  #join(key: string): Promise<Read> {
    const shared = this.#shared.get(key)
    if (shared?.read === undefined) return this.#share(key)
    shared.joined += 1
    return shared.read
  }

  #share(key: string): Promise<Read> {
    const shared: SharedRead = { joined: 0 }
    // Known before the sources are asked, so that an invalidation by one of them counts.
    this.#shared.set(key, shared)
    shared.read = this.#readShared(key, shared)
    return shared.read
  }

  async #readShared(key: string, shared: SharedRead): Promise<Read> {
    try {
      const read = await this.#read(key, this.#askFor(key, {}), {})
      for (let told = 0; told < shared.joined; told += 1) this.#told(read)
      return read
    } finally {
      if (this.#shared.get(key) === shared) this.#shared.delete(key)
    }
  }

  #askFor(key: string, { fresh }: ReadOptions): AskOne {
    return async signal => answerIn(await this.#chain.resolve([key], new ChainPass({ fresh, signal })), key)
  }

  #inTime(key: string, { timeoutMs, signal }: ReadOptions, read: ReadOne): Promise<Read> {
    return timeoutMs === undefined ? read(signal) : this.#orTimedOut(key, withDeadline(timeoutMs, read, signal))
  }

  /** The time that a caller allows ends as that of a provider does: the key is unresolved. */
  async #orTimedOut(key: string, reading: Promise<Read>): Promise<Read> {
    try {
      return await reading
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error
      return this.#told({ key, kept: this.#keep(this.#timedOut(error)), isKept: false })
    }
  }

  async #read(key: string, ask: AskOne, { fresh, signal }: ReadOptions): Promise<Read> {
    if (fresh) this.#shared.delete(key)
    const before = fresh ? undefined : this.#cache.peek(key)
    const load = async (waiting: AbortSignal): Promise<KeptResolution> =>
      this.#ask([key], async asking => this.#settle(key, await ask(waiting), asking))
    const kept = await this.#cache.getOrSetAsync(key, load, {
      fresh: before === undefined ? fresh : this.#ifCurrent(before) === undefined,
      signal,
      ttl: answer => this.#secondsLeft(answer),
    })
    return this.#told({ key, kept, isKept: kept === before })
  }

  /** While the chain is asked, it may become known that what it says is out of date. */
  async #ask<T>(keys: readonly string[], ask: (asking: Asking) => Promise<T>): Promise<T> {
    const asking = { keys, epoch: this.#chain.epoch.current, isCurrent: true }
    this.#asking.add(asking)
    try {
      return await ask(asking)
    } finally {
      this.#asking.delete(asking)
    }
  }

  #settle(key: string, answer: ChainAnswer, { epoch, isCurrent }: Asking): KeptResolution {
    const kept = this.#keep(answer, epoch)
    if (answer.winner?.answer.failure) this.#staleServed += 1
    this.#options.onResolved(key, kept, isCurrent)
    return kept
  }

  #keep(answer: ChainAnswer, epoch: number = this.#chain.epoch.current): KeptResolution {
    return keptResolution(answer, this.#options.now(), epoch)
  }

  /** Only with a value, because without one the key is read, and counted, once more. */
  #counted(kept: KeptResolution | undefined): KeptResolution | undefined {
    const current = this.#ifCurrent(kept)
    if (current?.value !== undefined) this.#hits += 1
    return current
  }

  /** A document may have been replaced since, whichever key it was read for. */
  #ifCurrent(kept: KeptResolution | undefined): KeptResolution | undefined {
    return kept?.epoch === this.#chain.epoch.current ? kept : undefined
  }

  #told(read: Read): Read {
    if (read.isKept) this.#hits += 1
    else this.#misses += 1
    if (channels.resolve.hasSubscribers) channels.resolve.publish(traceOf(read, this.#options.now()))
    return read
  }

  #secondsLeft({ expiresAt }: KeptResolution): number {
    return (expiresAt - this.#options.now()) / 1000
  }

  /** Nobody can tell which provider would have answered. */
  #timedOut(error: DeadlineError): ChainAnswer {
    const { kind, message } = callerTimeout(error)
    const step = { outcome: 'failed', kind, message, durationMs: error.timeoutMs, attempts: 0 } as const
    const steps = this.#chain.links.map(link => ({ link, step: { provider: link.name, ...step } }))
    return { status: 'unresolved', steps }
  }
}

/** Keys that the chain is being asked for. */
interface Asking {
  readonly keys: readonly string[]
  /** When it began. */
  readonly epoch: number
  /** Whether none of the keys was forgotten since. */
  isCurrent: boolean
}

/** One read for any number of callers. */
interface SharedRead {
  /** How many wait for it besides the first. */
  joined: number
  /** Absent while the read is beginning. */
  read?: Promise<Read>
}

type AskOne = (signal: AbortSignal) => Promise<ChainAnswer>
type ReadOne = (signal: AbortSignal | undefined) => Promise<Read>

function answerIn(answers: ReadonlyMap<string, ChainAnswer>, key: string): ChainAnswer {
  const answer = answers.get(key)
  if (answer === undefined) throw new TypeError('A key was asked for after its pass had begun.')
  return answer
}
