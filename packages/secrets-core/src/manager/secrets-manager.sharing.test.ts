import { beforeAll, describe, expect, it, vi } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { listenTo } from '../__fixtures__/listen-to.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { batchProvider, documentProvider, keyedProvider } from '../__fixtures__/sample-provider.ts'
import type { ProviderSecret } from '../contract/provider-answer.ts'
import { diagnosticChannels } from './diagnostics.ts'

processWarnings()

// Loaded with its first use, which would take its time in the middle of a test.
beforeAll(async () => import('./on-demand.ts'))

const many = 10_000

/** So many reads at once, in the ways in which one can read. */
function readManyTimes<T>(read: (index: number) => Promise<T>): readonly Promise<T>[] {
  return Array.from({ length: many }, (_, index) => read(index))
}

describe('10,000 callers of one cold key make one call', () => {
  it('that gives all of them the value', async () => {
    const source = heldProvider('a')
    const manager = managerOf([keyedProvider('env'), source])

    const reads = readManyTimes(async index => (index % 2 === 0 ? manager.get('A') : manager.require('A')))
    await new Promise(resolve => setImmediate(resolve))
    source.calls[0]?.resolve('value')
    const values = await Promise.all(reads)

    expect([source.calls.length, new Set(values)]).toEqual([1, new Set(['value'])])
  })

  it('that fails all of them, and the next caller makes another', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])

    const reads = readManyTimes(async () => manager.require('A'))
    await new Promise(resolve => setImmediate(resolve))
    source.calls[0]?.reject(down())
    const results = await Promise.allSettled(reads)
    const next = manager.get('A')
    source.calls[1]?.resolve('back')

    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect([await next, source.calls.length]).toEqual(['back', 2])
  })

  it('that times out for all of them', async () => {
    using time = new FakeTime()
    const source = heldProvider('a')
    const manager = managerOf([source])

    const reads = readManyTimes(async () => manager.get('A', 'default'))
    await time.pass(3)
    const values = await Promise.all(reads)

    expect([source.calls.length, new Set(values)]).toEqual([1, new Set(['default'])])
  })

  it('although the first of them leaves', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])
    const controller = new AbortController()

    const first = rejectionOf(manager.get('A', { signal: controller.signal }))
    const reads = readManyTimes(async () => manager.get('A'))
    controller.abort('enough')
    source.calls[0]?.resolve('value')

    expect([await first, new Set(await Promise.all(reads)), source.calls.length]).toEqual([
      'enough',
      new Set(['value']),
      1,
    ])
  })

  it('by whatever method they read', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])

    const reads = [
      manager.get('A'),
      manager.require('A'),
      manager.getMany(['A', 'A']),
      manager.resolve('A'),
      manager.load({ A: {} }),
      manager.withSecret('A', value => value),
      manager.acceptedValues('A'),
      manager.withSecret(['A', 'A'], ({ A }) => A),
    ]
    await new Promise(resolve => setImmediate(resolve))
    for (const call of source.calls) call.resolve('value')
    await Promise.all(reads)

    expect(source.calls.length).toBe(1)
  })

  it('that reads the document for different keys too', async () => {
    const source = documentProvider('a', { K1: '1' })
    const manager = managerOf([source])

    const values = await Promise.all(readManyTimes(async index => manager.get(`K${index % 100}`)))

    expect([values.filter(value => value === '1').length, source.reads]).toEqual([many / 100, ['*']])
  })
})

describe('callers without options that wait for the same key', () => {
  it('are counted and told of one by one', async () => {
    using listening = listenTo(diagnosticChannels.resolve)
    const source = heldProvider('a')
    const manager = managerOf([source])

    const reads = [manager.get('A'), manager.get('A', 'default'), manager.require('A')]
    source.calls[0]?.resolve('value')
    await Promise.all(reads)

    expect(manager.stats()).toMatchObject({ hits: 0, misses: 3 })
    expect(listening.messages).toEqual(reads.map(() => expect.objectContaining({ key: 'A', cache: 'miss' })))
  })

  it.each([
    ['the key was forgotten', (manager: Manager) => manager.clearCache('A')],
    ['everything was forgotten', (manager: Manager) => manager.clearCache()],
    ['a fresh read has begun', (manager: Manager) => void manager.get('A', { fresh: true })],
  ])('are not joined after %s', async (_, supersede) => {
    const source = heldProvider('a')
    const manager = managerOf([source])

    const before = manager.get('A')
    supersede(manager)
    const after = [manager.get('A'), manager.get('A')]
    for (const [index, call] of source.calls.entries()) call.resolve(`value ${index}`)

    expect([await before, ...(await Promise.all(after))]).toEqual(['value 0', 'value 1', 'value 1'])
    expect(source.calls.length).toBe(2)
  })

  it('are not joined after the source forgot the key while it was being asked', async () => {
    const source = heldProvider('a')
    let changed: (() => void) | undefined
    source.attach = host => {
      changed = () => host.changed()
    }
    const ask = source.getSecret.bind(source)
    source.getSecret = async (key, context) => {
      if (source.calls.length === 0) changed?.()
      return ask(key, context)
    }
    const manager = managerOf([source])

    const reads = [manager.get('A'), manager.get('A')]
    for (const [index, call] of source.calls.entries()) call.resolve(`value ${index}`)

    expect([await Promise.all(reads), source.calls.length]).toEqual([['value 0', 'value 1'], 2])
  })

  it('are not joined after the key was found to be missing without waiting', async () => {
    const source = { ...heldProvider('a'), getSecretSync: () => undefined }
    const manager = managerOf([source])

    void manager.get('A')
    manager.getSync('A')

    expect(await rejectionOf(manager.require('A'))).toMatchObject({ kind: 'missing' })
  })
})

describe('an abort', () => {
  it('ends the wait of its caller alone, with the reason of the signal', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])
    const [first, second] = [new AbortController(), new AbortController()]

    const aborted = rejectionOf(manager.get('A', { signal: first.signal }))
    const other = manager.get('A', { signal: second.signal })
    const reason = new Error('enough')
    first.abort(reason)
    await aborted
    const before = source.calls[0]?.signal.aborted
    source.calls[0]?.resolve('value')

    expect([await aborted, before, await other]).toEqual([reason, false, 'value'])
  })

  it('reaches the provider when nobody waits any longer, and the next caller makes another call', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])
    const [first, second] = [new AbortController(), new AbortController()]
    const waits = [first, second].map(async ({ signal }) => rejectionOf(manager.get('A', { signal })))

    first.abort('enough')
    await waits[0]
    const afterOne = source.calls[0]?.signal.aborted
    second.abort('enough too')
    await waits[1]
    const afterBoth = source.calls[0]?.signal.aborted
    const next = manager.get('A')
    source.calls[0]?.resolve('late')
    source.calls[1]?.resolve('value')

    expect([afterOne, afterBoth, await next]).toEqual([false, true, 'value'])
  })

  it('that comes before the read makes no call', async () => {
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])

    const reason = await rejectionOf(manager.get('A', { signal: AbortSignal.abort('enough') }))

    expect([reason, source.reads]).toEqual(['enough', []])
  })

  it('is no failure of the provider, and asks no further one', async () => {
    const [slow, low] = [heldProvider('slow'), keyedProvider('low', { A: 'low' })]
    const manager = managerOf([slow, low])
    const controller = new AbortController()

    const reading = rejectionOf(manager.get('A', { signal: controller.signal }))
    controller.abort('enough')
    await reading
    await new Promise(resolve => setImmediate(resolve))

    expect([low.reads, manager.stats().providers[0]?.failures]).toEqual([[], 0])
  })

  it.each([
    ['getMany', async (manager: Manager, signal: AbortSignal) => manager.getMany(['A', 'B'], { signal })],
    ['resolve', async (manager: Manager, signal: AbortSignal) => manager.resolve('A', { signal })],
    ['explain', async (manager: Manager, signal: AbortSignal) => manager.explain('A', { signal })],
    ['list', async (manager: Manager, signal: AbortSignal) => manager.list({ include: ['A'], signal })],
    ['load', async (manager: Manager, signal: AbortSignal) => manager.load({ A: {}, B: {} }, { signal })],
    ['withSecret', async (manager: Manager, signal: AbortSignal) => manager.withSecret('A', () => 1, { signal })],
    [
      'withSecret of several keys',
      async (manager: Manager, signal: AbortSignal) => manager.withSecret(['A', 'B'], () => 1, { signal }),
    ],
    ['acceptedValues', async (manager: Manager, signal: AbortSignal) => manager.acceptedValues('A', { signal })],
  ])('ends %s, and the calls behind it', async (_, read) => {
    const source = heldProvider('a')
    const controller = new AbortController()

    const reading = rejectionOf(read(managerOf([source]), controller.signal))
    await vi.waitFor(() => expect(source.calls.length).toBeGreaterThan(0))
    controller.abort('enough')

    expect(await reading).toBe('enough')
    await new Promise(resolve => setImmediate(resolve))
    expect(source.calls.map(({ signal }) => signal.aborted)).not.toContain(false)
  })

  it('of one of two batches leaves the keys that the other waits for', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])
    const controller = new AbortController()

    const first = rejectionOf(manager.getMany(['A', 'B'], { signal: controller.signal }))
    const second = manager.getMany(['B', 'C'])
    controller.abort('enough')
    await first
    for (const call of source.calls) call.resolve(call.key)

    expect(await second).toEqual({ B: 'B', C: 'C' })
  })

  it('of a batch leaves those that read the same keys in another way', async () => {
    const calls: PromiseWithResolvers<ReadonlyMap<string, ProviderSecret>>[] = []
    const source = batchProvider('a', {})
    source.readSecrets = async (_, { signal }) => {
      const call = Promise.withResolvers<ReadonlyMap<string, ProviderSecret>>()
      signal.addEventListener('abort', () => call.reject(signal.reason))
      calls.push(call)
      return call.promise
    }
    const manager = managerOf([source])
    const controller = new AbortController()

    const first = rejectionOf(manager.getMany(['A', 'B'], { signal: controller.signal }))
    const others = [manager.withSecret(['A', 'B'], ({ A, B }) => A + B), manager.explain('A', { fresh: false })]
    await new Promise(resolve => setImmediate(resolve))
    controller.abort('enough')
    await first
    for (const call of calls) {
      call.resolve(
        new Map([
          ['A', { value: '1' }],
          ['B', { value: '2' }],
        ]),
      )
    }

    expect(await Promise.all(others)).toMatchObject(['12', { status: 'found', source: 'a' }])
  })

  it('of a batch reaches the one call behind it', async () => {
    const source = batchProvider('a', {})
    let given: AbortSignal | undefined
    source.readSecrets = async (_, { signal }) => {
      given = signal
      return new Promise(() => undefined)
    }
    const controller = new AbortController()

    const reading = rejectionOf(managerOf([source]).getMany(['A', 'B'], { signal: controller.signal }))
    controller.abort('enough')

    expect([await reading, given?.aborted]).toEqual(['enough', true])
  })
})

type Manager = ReturnType<typeof managerOf>

describe('the timeoutMs of a read', () => {
  it('makes the key unresolved for this caller, and for no other', async () => {
    using time = new FakeTime()
    const source = heldProvider('a')
    const manager = managerOf([source, keyedProvider('b', { A: 'low' })])

    const [hasty, patient] = [manager.resolve('A', { timeoutMs: 50 }), manager.get('A')]
    await time.passMs(50)
    const { status, trace } = await hasty
    source.calls[0]?.resolve('value')

    expect([status, await patient, source.calls[0]?.signal.aborted]).toEqual(['unresolved', 'value', false])
    expect(trace.steps).toMatchObject([
      { outcome: 'failed', kind: 'timeout', message: 'No answer within 50 ms, which the caller allowed.' },
      { outcome: 'failed', kind: 'timeout' },
    ])
  })

  it('gives the default, makes `require` throw, and `getMany` leave out only what it could not have', async () => {
    using time = new FakeTime()
    const source = heldProvider('a')
    const manager = managerOf([keyedProvider('env', { B: 'env' }), source])

    const value = manager.get('A', 'default', { timeoutMs: 50 })
    const error = rejectionOf(manager.require('A', { timeoutMs: 50 }))
    const values = manager.getMany(['A', 'B'], { timeoutMs: 50 })
    const config = rejectionOf(manager.load({ A: {}, B: {} }, { timeoutMs: 50 }))
    await time.passMs(50)

    expect([await value, await values]).toEqual(['default', { A: undefined, B: 'env' }])
    expect(await error).toMatchObject({ kind: 'unresolved', transient: true })
    expect(await config).toMatchObject({ problems: [{ key: 'A', kind: 'unresolved' }] })
  })

  it('aborts the call when nobody else waits', async () => {
    using time = new FakeTime()
    const source = heldProvider('a')

    const reading = managerOf([source]).get('A', { timeoutMs: 50 })
    await time.passMs(50)
    await reading

    expect([source.calls[0]?.signal.aborted, time.timers]).toEqual([true, 0])
  })

  it('ends explain and list with a timeout', async () => {
    using time = new FakeTime()
    const manager = managerOf([heldProvider('a')])

    const errors = [manager.explain('A', { timeoutMs: 50 }), manager.list({ include: ['A'], timeoutMs: 50 })].map(
      rejectionOf,
    )
    await time.passMs(50)

    expect(await Promise.all(errors)).toEqual(errors.map(() => expect.objectContaining({ kind: 'timeout' })))
  })

  it('is not taken for the reason of a signal that aborts before', async () => {
    const manager = managerOf([heldProvider('a')])
    const controller = new AbortController()
    const options = { timeoutMs: 60_000, signal: controller.signal }

    const errors = [manager.get('A', options), manager.explain('A', options), manager.list(options)].map(rejectionOf)
    controller.abort('enough')

    expect(await Promise.all(errors)).toEqual(['enough', 'enough', 'enough'])
  })
})
