import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { HeldSource, type Ending, type HeldSourceKind } from '../__fixtures__/held-source.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { RandomChoices } from '../__fixtures__/random-choices.ts'
import type { ResolutionTrace } from '../chain/trace.ts'
import type { Resolution } from './resolution.ts'
import { SecretMissingError, SecretUnresolvedError } from './resolution-error.ts'
import type { SecretsManager } from './secrets-manager.ts'

processWarnings()

const batches = 8
const runsOfBatch = process.env['ST_LONG_TESTS'] === '1' ? 20_000 : 250
const stepsOfRun = 40

const keys = ['A', 'B']
const kinds: readonly HeldSourceKind[] = ['keyed', 'batch', 'document']
const endings: readonly Ending[] = [
  'as begun',
  'as begun',
  'as begun',
  'as it is now',
  'as it is now',
  'down',
  'denied',
]

/**
 * Random operations on a manager whose sources are slow, at any distance from each other. Whatever a read gives that began
 * after the keys were forgotten or written, its source has held since; and callers who leave disturb no other.
 */
class Schedule {
  readonly #random: RandomChoices
  readonly #sources: readonly HeldSource[]
  readonly #manager: SecretsManager
  readonly #history: unknown[][] = []
  /** When what was known of a key of a source was last declared to be out of date. */
  #outdated: ReadonlyMap<string, number> = new Map()
  #moment = 0
  #nowMs = 0
  #waiting = 0
  /** Of the callers who may leave before they are answered. */
  readonly #controllers: AbortController[] = []
  #violation: Error | undefined
  /** How often each thing happened that the test is about. */
  readonly seen: Record<string, number> = { found: 0, missing: 0, unresolved: 0, overtaken: 0, written: 0, left: 0 }

  constructor(seed: number) {
    this.#random = new RandomChoices(seed)
    this.#sources = Array.from({ length: 1 + this.#random.below(3) }, (_, index) => {
      const kind = this.#random.pick(kinds)
      return new HeldSource(`${kind} ${index}`, kind, () => this.#tick())
    })
    this.#manager = managerOf(
      this.#sources.map(({ provider }) => provider),
      { now: () => this.#nowMs },
    )
    for (const source of this.#sources) this.#history.push([source.name])
  }

  async run(): Promise<void> {
    for (let step = 0; step < stepsOfRun && this.#violation === undefined; step += 1) {
      await this.#random.pick(actions)(this)
    }
    while (this.#waiting > 0 && this.#violation === undefined) {
      for (const { calls } of this.#sources) for (const end of calls.splice(0)) end('as it is now')
      await new Promise(resolve => setImmediate(resolve))
    }
    if (this.#violation !== undefined) throw this.#violation
  }

  describeHistory(): string {
    return this.#history.map(step => step.map(part => inspect(part)).join(' ')).join('\n')
  }

  read(): void {
    const key = this.#random.pick(keys)
    const fresh = this.#random.isOneIn(5)
    const begun = this.#note('resolve', key, fresh ? 'fresh' : '')
    const outdated = this.#outdated
    const signal = this.#signal()
    const done = ({ secret, trace }: Resolution): void => {
      this.#see(trace.status)
      this.#checkFailures(trace)
      if (outdated !== this.#outdated) this.#see('overtaken')
      this.#history.push(['  of', begun, trace.source ?? trace.status, secret?.reveal()])
      for (const { provider, outcome } of trace.steps) {
        const said = outcome === 'hit' ? secret?.reveal() : undefined
        if (outcome !== 'hit' && outcome !== 'missing') continue
        if (!this.#canSay(provider, { key, said, outdated })) this.#violate(`${provider} said ${said} of ${key}`)
      }
    }
    void this.#wait(this.#manager.resolve(key, { fresh, signal }), { signal, done })
  }

  readMany(): void {
    const begun = this.#note('getMany')
    const outdated = this.#outdated
    const signal = this.#signal()
    const done = (values: Readonly<Record<string, string | undefined>>): void => {
      this.#history.push(['  of', begun, values])
      for (const [key, said] of Object.entries(values)) {
        const isSaid = this.#sources.some(({ name }) => this.#canSay(name, { key, said, outdated }))
        if (said !== undefined && !isSaid) this.#violate(`getMany gave ${said} for ${key}`)
      }
    }
    void this.#wait(this.#manager.getMany(keys, { signal }), { signal, done })
  }

  /** Reads both keys in one pass. */
  use(): void {
    const begun = this.#note('withSecret')
    const signal = this.#signal()
    const failed = (error: unknown): void => {
      this.#history.push(['  of', begun, error])
      if (!SecretMissingError.isInstance(error) && !SecretUnresolvedError.isInstance(error)) throw error
      this.#checkFailures(error.trace)
    }
    void this.#wait(
      this.#manager.withSecret(keys, () => undefined, { signal }),
      { signal, failed },
    )
  }

  /** A caller is not interested any longer; the others are not to notice. */
  leave(): void {
    const [controller] = this.#controllers.splice(this.#random.below(this.#controllers.length), 1)
    if (controller === undefined) return
    this.#note('a caller leaves')
    controller.abort('left')
  }

  write(): void {
    const key = this.#random.pick(keys)
    const value = this.#random.isOneIn(4) ? undefined : `v${this.#moment}`
    const begun = this.#note('write', key, value)
    const done = (): void => {
      this.#see('written')
      this.#history.push(['  of', begun, 'written'])
      // Only what was known of the source that was written to is out of date.
      const [first] = this.#sources
      if (first !== undefined) this.#outdate([key], [first], first.endOfWrite(key, value))
    }
    const { [value === undefined ? 'delete' : 'set']: write } = {
      set: async () => this.#manager.setSecret(key, value ?? ''),
      delete: async () => this.#manager.deleteSecret(key),
    }
    void this.#wait(write(), { done, failed: done })
  }

  /** The source changes, and nobody is told. */
  change(): void {
    const source = this.#random.pick(this.#sources)
    const key = this.#random.pick(keys)
    const value = this.#random.isOneIn(3) ? undefined : `s${this.#moment}`
    this.#note(source.name, 'holds', key, value)
    source.change(key, value)
  }

  /** A source changes, and all say so. */
  tell(): void {
    this.change()
    const changed = this.#random.isOneIn(2) ? [this.#random.pick(keys)] : undefined
    this.#note('all tell that they changed', changed)
    for (const source of this.#sources) source.host?.changed(changed)
    this.#outdate(changed ?? keys)
  }

  clear(): void {
    const key = this.#random.isOneIn(2) ? undefined : this.#random.pick(keys)
    this.#note('clearCache', key)
    this.#manager.clearCache(key)
    this.#outdate(key === undefined ? keys : [key])
  }

  end(): void {
    const { calls, name } = this.#random.pick(this.#sources)
    const how = this.#random.pick(endings)
    const [end] = calls.splice(this.#random.below(calls.length), 1)
    if (end === undefined) return
    this.#note(name, 'ends', how)
    end(how)
  }

  async pass(): Promise<void> {
    const jobs = this.#random.below(12)
    this.#note('jobs', jobs)
    for (let job = 0; job < jobs; job += 1) await Promise.resolve()
  }

  async turn(): Promise<void> {
    this.#note('turn')
    this.#nowMs += this.#random.pick([0, 1000, 11_000, 301_000])
    await new Promise(resolve => setImmediate(resolve))
  }

  /** What was read of these keys before the moment must not be given any more. */
  #outdate(changed: readonly string[], sources = this.#sources, moment = this.#tick()): void {
    const outdated = new Map(this.#outdated)
    for (const slot of sources.flatMap(({ name }) => changed.map(key => slotOf(name, key)))) {
      outdated.set(slot, Math.max(moment, outdated.get(slot) ?? 0))
    }
    this.#outdated = outdated
  }

  /** Whether the source has held this since what was known of it was out of date. */
  #canSay(name: string, { key, said, outdated }: Said): boolean {
    const since = outdated.get(slotOf(name, key)) ?? 0
    return this.#sources.find(source => source.name === name)?.heldSince(since, key, said) === true
  }

  /** Of some callers, one that may abort. */
  #signal(): AbortSignal | undefined {
    if (!this.#random.isOneIn(3)) return undefined
    const controller = new AbortController()
    this.#controllers.push(controller)
    return controller.signal
  }

  /** Nothing else than what sources do may be told of them, such as that a caller has left. */
  #checkFailures({ steps }: ResolutionTrace): void {
    const wrong = steps.find(({ kind }) => kind === 'internal')
    if (wrong !== undefined) this.#violate(`${wrong.provider} is said to be wrong: ${wrong.message}`)
  }

  async #wait<T>(promise: Promise<T>, { signal, done, failed }: Waiting<T>): Promise<void> {
    this.#waiting += 1
    try {
      const result = await promise
      done?.(result)
    } catch (error) {
      if (signal?.aborted && error === 'left') this.#see('left')
      else if (failed === undefined) this.#violate(`it failed: ${String(error)}`)
      else failed(error)
    } finally {
      this.#waiting -= 1
    }
  }

  #note(...step: unknown[]): number {
    this.#history.push([this.#tick(), ...step])
    return this.#moment
  }

  #see(what: string): void {
    this.seen[what] = (this.seen[what] ?? 0) + 1
  }

  #tick(): number {
    return (this.#moment += 1)
  }

  #violate(message: string): void {
    this.#violation ??= new Error(message)
  }
}

/** What happens when a call has ended. */
interface Waiting<T> {
  /** Of a caller who may have left. */
  readonly signal?: AbortSignal | undefined
  readonly done?: (result: T) => void
  /** Default: it must not fail. */
  readonly failed?: (error: unknown) => void
}

/** What came of a read, and what was out of date when it began. */
interface Said {
  readonly key: string
  readonly said: string | undefined
  readonly outdated: ReadonlyMap<string, number>
}

function slotOf(source: string, key: string): string {
  return `${source} ${key}`
}

const actions: readonly ((schedule: Schedule) => void | Promise<void>)[] = [
  ...Array.from({ length: 4 }, () => (schedule: Schedule) => schedule.read()),
  ...Array.from({ length: 6 }, () => (schedule: Schedule) => schedule.end()),
  ...Array.from({ length: 2 }, () => async (schedule: Schedule) => schedule.pass()),
  async schedule => schedule.turn(),
  schedule => schedule.readMany(),
  schedule => schedule.use(),
  schedule => schedule.leave(),
  schedule => schedule.write(),
  schedule => schedule.change(),
  schedule => schedule.change(),
  schedule => schedule.tell(),
  schedule => schedule.clear(),
]

async function runFrom(seed: number): Promise<Schedule> {
  const schedule = new Schedule(seed)
  try {
    await schedule.run()
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}\nafter\n${schedule.describeHistory()}`, { cause: error })
  }
  return schedule
}

describe('a read that begins after its key was forgotten or written', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch * runsOfBatch + 1))(
    `gives nothing that the sources have not held since, whoever leaves, in ${runsOfBatch} schedules from seed %i`,
    async first => {
      const seen: Record<string, number> = {}

      for (let seed = first; seed < first + runsOfBatch; seed += 1) {
        for (const [what, count] of Object.entries((await runFrom(seed)).seen)) seen[what] = (seen[what] ?? 0) + count
      }

      // Each thing that the test is about has happened often.
      expect(Object.entries(seen).filter(([, count]) => count < runsOfBatch / 10)).toEqual([])
    },
  )
})
