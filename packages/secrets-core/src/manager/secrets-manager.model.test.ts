import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ChainModel, type Answered, type Asking } from '../__fixtures__/chain-model.ts'
import { ChangingSource, type Mood, type SourceKind } from '../__fixtures__/changing-source.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { RandomChoices } from '../__fixtures__/random-choices.ts'
import type { ResolutionTrace } from '../chain/trace.ts'
import { SecretUnresolvedError } from './resolution-error.ts'
import type { SecretsManager } from './secrets-manager.ts'

processWarnings()

const batches = 8
const runsOfBatch = process.env['ST_LONG_TESTS'] === '1' ? 5000 : 100
const stepsOfRun = 50

const keys = ['A', 'B']
const kinds: readonly SourceKind[] = ['keyed', 'document', 'sync keyed', 'sync document']
const moods: readonly Mood[] = ['up', 'up', 'up', 'up', 'down', 'down', 'denying', 'off']
const pauses = [0, 0.5, 1, 5, 9, 10, 60, 280, 290, 300, 310, 1000, 3590, 3600]

/** Random operations on a manager over sources that change and fail, each answer held against the model. */
class Run {
  readonly #random: RandomChoices
  readonly #sources: readonly ChangingSource[]
  readonly #model: ChainModel
  readonly #manager: SecretsManager
  readonly #history: unknown[][] = []
  #nowMs = 1
  #values = 0
  /** How often each thing happened that the test is about. */
  readonly seen: Record<string, number> = { found: 0, missing: 0, unresolved: 0, stale: 0, kept: 0, refused: 0 }

  constructor(seed: number) {
    this.#random = new RandomChoices(seed)
    this.#sources = Array.from({ length: 1 + this.#random.below(4) }, (_, index) => {
      const kind = this.#random.pick(kinds)
      // What is read without waiting, key by key, cannot say for how long it is good.
      const ttls = kind === 'sync keyed' ? [undefined] : [undefined, undefined, 1, 20]
      return new ChangingSource(`${kind} ${index}`, kind, this.#random.pick(ttls))
    })
    this.#model = new ChainModel(this.#sources)
    this.#manager = managerOf(
      this.#sources.map(({ provider }) => provider),
      { now: () => this.#nowMs },
    )
    this.#history.push(this.#sources.map(({ name, ttl }) => ({ name, ttl })))
  }

  async run(): Promise<void> {
    for (let step = 0; step < stepsOfRun; step += 1) await this.#random.pick(actions)(this)
  }

  describeHistory(): string {
    return this.#history.map(step => step.map(part => inspect(part, { breakLength: Infinity })).join(' ')).join('\n')
  }

  change(): void {
    const source = this.#random.pick(this.#sources)
    const key = this.#random.pick(keys)
    const value = this.#random.isOneIn(4) ? undefined : `v${(this.#values += 1)}`
    this.#history.push([source.name, 'holds', key, value])
    if (value === undefined) source.secrets.delete(key)
    else source.secrets.set(key, value)
  }

  changeMood(): void {
    this.#model.noteMoods(this.#nowMs)
    const source = this.#random.pick(this.#sources)
    source.mood = this.#random.pick(moods)
    this.#history.push([source.name, 'is', source.mood])
    this.#model.noteMoods(this.#nowMs)
  }

  wait(): void {
    const seconds = this.#random.pick(pauses)
    this.#model.noteMoods(this.#nowMs)
    this.#nowMs += seconds * 1000
    this.#model.noteMoods(this.#nowMs)
    this.#history.push(['seconds pass', seconds])
  }

  clear(): void {
    const key = this.#random.isOneIn(2) ? undefined : this.#random.pick(keys)
    this.#history.push(['clearCache', key])
    this.#manager.clearCache(key)
    this.#model.forget(key)
  }

  async set(): Promise<void> {
    const [first] = this.#sources
    const key = this.#random.pick(keys)
    const value = `v${(this.#values += 1)}`
    this.#history.push(['setSecret', key, value])
    await this.#manager.setSecret(key, value)
    this.#model.forget(key, first)
  }

  async resolve(): Promise<void> {
    const asking = this.#asking('resolve', this.#random.isOneIn(4))
    const { secret, trace } = await this.#manager.resolve(asking.key, { fresh: asking.isFresh })
    this.#model.learn(this.#nowMs)
    this.#check(asking, answered(trace, secret?.reveal()))
  }

  async getMany(): Promise<void> {
    const asking = { ...this.#asking('getMany and resolve', false), isAmongOthers: true }
    const values = await this.#manager.getMany(keys)
    this.#model.learn(this.#nowMs)
    if (!this.#canBe(asking, values[asking.key])) this.#fail(`getMany gave ${values[asking.key]}`)
    // What was just read is kept, unless it is stale or unresolved: then it is read again.
    const { secret, trace } = await this.#manager.resolve(asking.key)
    const wasReadAgain = this.#sources.some(({ reads }) => reads.length > 0)
    if (wasReadAgain) this.#model.learn(this.#nowMs)
    this.#check(asking, answered(trace, secret?.reveal()))
  }

  getSync(): void {
    const asking = this.#asking('getSync', false)
    try {
      const value = this.#manager.getSync(asking.key)
      this.#model.learn(this.#nowMs)
      if (!this.#canBe(asking, value)) this.#fail(`getSync gave ${value}`)
    } catch (error) {
      this.#model.learn(this.#nowMs)
      if (!SecretUnresolvedError.isInstance(error)) throw error
      this.seen['refused'] = (this.seen['refused'] ?? 0) + 1
      const asked = error.trace.steps.find(({ detail }) => detail === 'async_only')?.provider
      if (this.#sources.find(({ name }) => name === asked)?.isSync !== false) this.#fail('getSync threw')
    }
  }

  /** Whether the value can be the answer, where only the value is told. */
  #canBe(asking: Asking, value: string | undefined): boolean {
    const answers: readonly Omit<Answered, 'value' | 'ageMs'>[] =
      value === undefined
        ? (['missing', 'unresolved'] as const).map(status => ({ status, source: undefined, isStale: false }))
        : this.#sources.flatMap(({ name: source }) =>
            [true, false].map(isStale => ({ status: 'found' as const, source, isStale })),
          )
    return answers.some(given => this.#model.fault(asking, { ...given, value, ageMs: undefined }) === undefined)
  }

  #asking(what: string, isFresh: boolean): Asking {
    const key = this.#random.pick(keys)
    this.#history.push([what, key, isFresh ? 'fresh' : ''])
    return { key, nowMs: this.#nowMs, isFresh }
  }

  #check(asking: Asking, given: Answered): void {
    this.#history.push(['  gave', given])
    this.seen[given.isStale ? 'stale' : given.status] = (this.seen[given.isStale ? 'stale' : given.status] ?? 0) + 1
    if (Number(given.ageMs) > 0 && !given.isStale) this.seen['kept'] = (this.seen['kept'] ?? 0) + 1
    const fault = this.#model.fault(asking, given)
    if (fault !== undefined) this.#fail(fault)
  }

  #fail(message: string): never {
    throw new Error(message)
  }
}

function answered({ status, source, cache, ageMs }: ResolutionTrace, value: string | undefined): Answered {
  return { status, source, value, isStale: cache === 'stale', ageMs }
}

const actions: readonly ((run: Run) => void | Promise<void>)[] = [
  run => run.change(),
  run => run.change(),
  run => run.changeMood(),
  run => run.changeMood(),
  run => run.wait(),
  run => run.wait(),
  run => run.wait(),
  run => run.clear(),
  run => run.set(),
  ...Array.from({ length: 6 }, () => (run: Run) => run.resolve()),
  run => run.getMany(),
  run => run.getSync(),
]

async function runFrom(seed: number): Promise<Run> {
  const one = new Run(seed)
  try {
    await one.run()
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}\nafter\n${one.describeHistory()}`, { cause: error })
  }
  return one
}

describe('an answer', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch * runsOfBatch + 1))(
    `is one that the model can justify, in ${runsOfBatch} runs from seed %i`,
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
