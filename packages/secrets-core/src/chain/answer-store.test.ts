import { describe, expect, it, vi } from 'vitest'
import { denied, down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { guardOf } from '../__fixtures__/guarded.ts'
import { keyedProvider } from '../__fixtures__/sample-provider.ts'
import type { ProviderSecret } from '../contract/provider-answer.ts'
import type { ProviderPolicy } from '../policy/provider-policy.ts'
import { AnswerStore } from './answer-store.ts'
import { ChainPass } from './chain-pass.ts'

/** A store with what it is answered, which tests change at will. */
class Store {
  answer: ProviderSecret | undefined | Error = { value: '1' }
  asked = 0
  readonly store: AnswerStore<ProviderSecret | undefined>
  readonly replaced: () => void = vi.fn<() => void>()
  readonly #guard

  constructor(policy: ProviderPolicy = {}) {
    this.#guard = guardOf(keyedProvider('a'), policy)
    const options = { maxEntries: 10, now: () => performance.now(), onOutdate: this.replaced }
    this.store = new AnswerStore(this.#guard, options)
  }

  async read(fresh = false): Promise<unknown> {
    const { kept, isKept, failure } = await this.store.read(
      'A',
      async signal => this.#guard.read(async () => this.#ask(), signal),
      new ChainPass({ fresh }),
    )
    return [kept.answer?.value, isKept, failure?.kind]
  }

  readSync(): unknown {
    const { kept, isKept, failure } = this.store.readSync('A', () => this.#ask())
    return [kept.answer?.value, isKept, failure?.kind]
  }

  #ask(): ProviderSecret | undefined {
    this.asked += 1
    if (this.answer instanceof Error) throw this.answer
    return this.answer
  }
}

describe.each([
  ['with waiting', async (store: Store): Promise<unknown> => store.read()],
  ['without waiting', async (store: Store): Promise<unknown> => store.readSync()],
])('an answer that is read %s', (_, read) => {
  it('is kept for its time, counted from the start of its read', async () => {
    using time = new FakeTime()
    const store = new Store()

    const answers = [await read(store), await read(store)]
    await time.pass(300)
    answers.push(await read(store))

    expect([answers, store.asked]).toEqual([
      [
        ['1', false, undefined],
        ['1', true, undefined],
        ['1', false, undefined],
      ],
      2,
    ])
  })

  it('that is no is kept for the time of misses', async () => {
    using time = new FakeTime()
    const store = new Store()
    store.answer = undefined

    await read(store)
    await time.passMs(9999)
    await read(store)
    const before = store.asked
    await time.passMs(1)
    await read(store)

    expect([before, store.asked]).toEqual([1, 2])
  })

  it('stands in for a transient failure, with why', async () => {
    using time = new FakeTime()
    const store = new Store()
    await read(store)
    await time.pass(300)
    store.answer = down()

    expect([await read(store), store.store.known('A')?.value]).toEqual([['1', true, 'unavailable'], '1'])
  })

  it('is known after its time, until a denial', async () => {
    using time = new FakeTime()
    const store = new Store()
    await read(store)
    await time.pass(300)
    const known = [store.store.known('A')?.value, store.store.live('A')]

    store.answer = denied()
    const failure = await rejectionOf((async () => read(store))())

    expect([known, failure, store.store.known('A')]).toEqual([['1', undefined], denied(), undefined])
  })

  it('is not known where nothing is to be kept', async () => {
    const store = new Store({ cache: false })

    await read(store)

    expect(store.store.known('A')).toBeUndefined()
  })

  it('tells when it takes the place of another one, not when it is the same object or version', async () => {
    using time = new FakeTime()
    const store = new Store()
    const answers = [{ value: '1' }, { value: '1' }, { value: '2', version: 'v2' }, { value: '2', version: 'v2' }]
    const same = answers.at(-1)

    const counts: number[] = []
    for (const answer of [...answers, same]) {
      store.answer = answer
      await read(store)
      await time.pass(300)
      counts.push(vi.mocked(store.replaced).mock.calls.length)
    }

    expect(counts).toEqual([0, 1, 2, 2, 2])
  })
})

describe('what is forgotten', () => {
  it('is everything, or all slots that begin so, and what is being read for them', async () => {
    const held = Promise.withResolvers<ProviderSecret>()
    const guard = guardOf(keyedProvider('a'))
    const store = new AnswerStore<ProviderSecret | undefined>(guard, { maxEntries: 10, now: () => 0 })
    const ask = async (): ReturnType<typeof guard.read<ProviderSecret>> => guard.read(async () => held.promise)
    const reading = ['"A"', '"A" [1]', '"AB"'].map(async slot => store.read(slot, ask, new ChainPass()))

    store.forget('"A"')
    held.resolve({ value: '1' })
    await Promise.all(reading)

    expect(['"A"', '"A" [1]', '"AB"'].map(slot => store.known(slot)?.value)).toEqual([undefined, undefined, '1'])
    store.forget()
    expect(store.known('"AB"')).toBeUndefined()
  })
})

describe('a fresh read', () => {
  it('asks although there is an answer, and says that it is new', async () => {
    const store = new Store()
    await store.read()

    expect([await store.read(true), store.asked]).toEqual([['1', false, undefined], 2])
  })
})
