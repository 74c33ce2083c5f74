import type { ChangingSource } from './changing-source.ts'

/** What one source may have said about a key. */
type Said =
  | 'missing'
  | 'failed'
  | 'skipped'
  | { readonly value: string; readonly isStale: boolean; readonly readAt: number }

/** What a manager answered. */
export interface Answered {
  readonly status: 'found' | 'missing' | 'unresolved'
  readonly source: string | undefined
  readonly value: string | undefined
  readonly isStale: boolean
  /** `undefined` where it is not told. */
  readonly ageMs: number | undefined
}

/** How it was asked. */
export interface Asking {
  readonly key: string
  readonly nowMs: number
  readonly isFresh: boolean
  /** Other keys were asked for at once: what was read may have been read for them alone. */
  readonly isAmongOthers?: boolean
}

const defaultTtlMs = 300_000
const missTtlMs = 10_000
const staleMs = 3_600_000

/** What is known of one source by its reads alone. */
class SourceModel {
  readonly source: ChangingSource
  /** What each slot held when it was last read, unless it was denied since. */
  readonly #known = new Map<string, { readonly values: ReadonlyMap<string, string>; readonly readAt: number }>()
  readonly #failedAt = new Map<string, number>()
  #offAt = -Infinity
  /** What the operation that is being looked at has read. */
  #asked = new Map<string, Said | 'read'>()

  constructor(source: ChangingSource) {
    this.source = source
  }

  /** Learns from the reads of one operation. */
  learn(nowMs: number): void {
    this.#asked = new Map()
    if (this.source.mood === 'off') this.#offAt = nowMs
    for (const { slot, outcome } of this.source.reads) {
      this.#asked.set(slot, 'read')
      if (typeof outcome === 'object') {
        this.#known.set(slot, { values: outcome, readAt: nowMs })
        continue
      }
      this.#failedAt.set(slot, nowMs)
      this.#asked.set(slot, 'failed')
      if (outcome === 'denying') this.#known.delete(slot)
    }
    this.source.reads = []
  }

  /** Its mood was this for a while. */
  noteMood(nowMs: number): void {
    if (this.source.mood === 'off') this.#offAt = nowMs
  }

  forget(key: string | undefined): void {
    for (const slots of [this.#known, this.#failedAt]) {
      slots.delete('*')
      if (key === undefined) slots.clear()
      else slots.delete(key)
    }
  }

  /** Whether the operation asked it for the key, in vain. */
  hasFailedNow(key: string): boolean {
    return this.#asked.get(this.source.slotOf(key)) === 'failed'
  }

  /** All that it may have said. */
  maySay(asking: Asking, isFound: boolean): readonly Said[] {
    const slot = this.source.slotOf(asking.key)
    const asked = this.#asked.get(slot)
    const now = asked === 'failed' ? (this.#staleOf(asking) ?? 'failed') : (this.#valueOf(asking) ?? 'missing')
    if (asked !== undefined && !asking.isAmongOthers) return [now]
    const before = [...this.#unasked(asking, slot), ...(asking.isFresh ? [] : this.#kept(asking, isFound))]
    return asked === undefined ? before : [now, ...before]
  }

  #unasked({ nowMs, isFresh }: Asking, slot: string): readonly Said[] {
    const isOff = isFresh ? this.source.mood === 'off' : nowMs - this.#offAt < missTtlMs
    const hasFailed = !isFresh && nowMs - (this.#failedAt.get(slot) ?? -Infinity) < missTtlMs
    return [...(isOff ? ['skipped' as const] : []), ...(hasFailed ? ['failed' as const] : [])]
  }

  /** A miss above a value may be as old as that value; one that makes a key missing may not. */
  #kept(asking: Asking, isFound: boolean): readonly Said[] {
    const slot = this.source.slotOf(asking.key)
    const readAt = this.#known.get(slot)?.readAt ?? -Infinity
    const value = this.#valueOf(asking)
    if (value !== undefined) return asking.nowMs - readAt < this.#ttlMs ? [value] : []
    const missMs = this.source.hasDocument ? this.#ttlMs : missTtlMs + (isFound ? defaultTtlMs : 0)
    return asking.nowMs - readAt < missMs ? ['missing'] : []
  }

  #staleOf(asking: Asking): Said | undefined {
    const value = this.#valueOf(asking)
    if (value === undefined || asking.nowMs - value.readAt >= this.#ttlMs + staleMs) return undefined
    return { ...value, isStale: true }
  }

  #valueOf({ key }: Asking): Exclude<Said, string> | undefined {
    const { values, readAt = 0 } = this.#known.get(this.source.slotOf(key)) ?? {}
    const value = values?.get(key)
    return value === undefined ? undefined : { value, isStale: false, readAt }
  }

  get #ttlMs(): number {
    return Math.min(defaultTtlMs, (this.source.ttl ?? Infinity) * 1000)
  }
}

/**
 * Tells which answers of a chain can be justified: by what its sources say now, by reads that are not too old, or by an
 * earlier value where a source fails for a while. Knows nothing of caches.
 */
export class ChainModel {
  readonly #models: readonly SourceModel[]

  constructor(sources: readonly ChangingSource[]) {
    this.#models = sources.map(source => new SourceModel(source))
  }

  /** Takes note of moods, which may change before anybody asks. */
  noteMoods(nowMs: number): void {
    for (const model of this.#models) model.noteMood(nowMs)
  }

  /** Takes note of what an operation has read. */
  learn(nowMs: number): void {
    for (const model of this.#models) model.learn(nowMs)
  }

  /** What was known of a key, or of all, is forgotten; by one source or by all. */
  forget(key: string | undefined, of?: ChangingSource): void {
    for (const model of this.#models) if (of === undefined || model.source === of) model.forget(key)
  }

  /** Why the answer cannot be justified; `undefined` when it can. */
  fault(asking: Asking, answered: Answered): string | undefined {
    const index = this.#models.findIndex(({ source }) => source.name === answered.source)
    const isFound = answered.status === 'found'
    const above = isFound ? this.#models.slice(0, index) : this.#models
    const silent = answered.status === 'missing' ? ['missing', 'skipped'] : ['missing', 'skipped', 'failed']
    for (const model of above) {
      const said = model.maySay(asking, isFound)
      if (!said.some(one => typeof one === 'string' && silent.includes(one))) {
        return `${model.source.name} must have answered: it can only have said ${JSON.stringify(said)}`
      }
    }
    return isFound ? winnerFault(this.#models[index], asking, answered) : this.#unresolvedFault(asking, answered)
  }

  #unresolvedFault({ key }: Asking, { status }: Answered): string | undefined {
    if (status === 'missing' || this.#models.some(model => model.hasFailedNow(key))) return undefined
    return 'it is unresolved although nobody has failed'
  }
}

function winnerFault(winner: SourceModel | undefined, asking: Asking, answered: Answered): string | undefined {
  const said = winner?.maySay(asking, true) ?? []
  const isJustified = said.some(
    one =>
      typeof one === 'object' &&
      one.value === answered.value &&
      one.isStale === answered.isStale &&
      (answered.ageMs === undefined || asking.nowMs - one.readAt === answered.ageMs),
  )
  return isJustified ? undefined : `${answered.source} can only have said ${JSON.stringify(said)}`
}
