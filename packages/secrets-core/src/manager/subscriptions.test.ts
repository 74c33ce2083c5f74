import { describe, expect, it, vi } from 'vitest'
import { denied, down } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { listenTo } from '../__fixtures__/listen-to.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import {
  documentProvider,
  keyedProvider,
  provenProvider,
  type SampleProvider,
  writableProvider,
} from '../__fixtures__/sample-provider.ts'
import { uncaughtFailures } from '../__fixtures__/uncaught-failures.ts'
import type { ProviderSecret } from '../contract/provider-answer.ts'
import type { ProviderHost } from '../contract/secret-provider.ts'
import { diagnosticChannels } from './diagnostics.ts'
import type { ChangeListener, SecretChange } from './secret-change.ts'

processWarnings()

/** Changes as plain data. */
class Notes {
  readonly changes: string[] = []

  readonly listen: ChangeListener = ({ key, reason, current, previous }: SecretChange): void => {
    this.changes.push(`${key} ${reason}: ${previous?.reveal() ?? 'none'} → ${current?.reveal() ?? 'none'}`)
  }
}

/** A provider with the host that it was given. */
function hosted(provider: SampleProvider): { provider: SampleProvider; host: () => ProviderHost } {
  const hosts: ProviderHost[] = []
  provider.attach = host => void hosts.push(host)
  const host = (): ProviderHost => {
    const [only] = hosts
    if (only === undefined) throw new Error('it was not attached')
    return only
  }
  return { provider, host }
}

describe('subscribe', () => {
  it('reads the key at once, and again whenever its time is up', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()

    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)
    source.secrets['A'] = '2'
    await time.passMs(299_999)
    const before = [...notes.changes]
    await time.passMs(1)
    await time.pass(300)

    expect([before, notes.changes, source.reads.length]).toEqual([[], ['A expired: 1 → 2'], 3])
  })

  it('looks at a source that vouches for a second each second', async () => {
    using time = new FakeTime()
    const file = documentProvider('file', { A: '1' })
    file.provenance = { ttl: 1 }
    const notes = new Notes()

    using _ = managerOf([file]).subscribe('A', notes.listen)
    await time.pass(3.5)
    file.secrets['A'] = '2'
    await time.pass(1)

    expect([notes.changes, file.reads.length]).toEqual([['A expired: 1 → 2'], 5])
  })

  it('tells that a key is gone, and that it is there again', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    delete source.secrets['A']
    await time.pass(300)
    source.secrets['A'] = '2'
    await time.pass(10)

    expect(notes.changes).toEqual(['A expired: 1 → none', 'A expired: none → 2'])
  })

  it('tells of a key that did not exist before', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault')
    const notes = new Notes()
    using _ = managerOf([source]).subscribe('A', notes.listen)
    await time.pass(0)

    source.secrets['A'] = '1'
    await time.pass(10)

    expect(notes.changes).toEqual(['A expired: none → 1'])
  })

  it('takes a failure for no change, and goes on asking every 10 seconds', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    source.failure = down()
    await time.pass(335)
    const during = [source.reads.length, [...notes.changes]]
    source.failure = denied()
    await time.pass(10)
    const denial = [...notes.changes]
    source.failure = undefined
    source.secrets['A'] = '2'
    await time.pass(10)

    expect([during, denial, notes.changes]).toEqual([[5, []], [], ['A expired: 1 → 2']])
  })

  it.each([
    ['a read of somebody else', async (manager: Manager) => manager.get('A', { fresh: true }), 'expired'],
    [
      'explain and the read after it',
      async (manager: Manager) => (await manager.explain('A'), manager.get('A')),
      'expired',
    ],
    ['setSecret', async (manager: Manager) => manager.setSecret('A', '2'), 'written'],
    ['clearCache', async (manager: Manager) => manager.clearCache(), 'cleared'],
    ['clearCache of the key', async (manager: Manager) => manager.clearCache('A'), 'cleared'],
    [
      'withSecret',
      async (manager: Manager) =>
        manager.withSecret('A', value => {
          if (value === '1') throw Object.assign(new Error('refused'), { status: 401 })
        }),
      'auth_failure',
    ],
  ])('tells at once what %s has brought to light', async (_, act, reason) => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    using subscription = manager.subscribe('A', notes.listen)
    await time.pass(1)

    source.secrets['A'] = '2'
    await act(manager)
    await time.pass(0)

    expect(notes.changes).toEqual([`A ${reason}: 1 → 2`])
    expect(subscription).toBeDefined()
  })

  it('tells that a key was deleted', async () => {
    using time = new FakeTime()
    const manager = managerOf([writableProvider('file', { A: '1' })])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    await manager.deleteSecret('A')
    await time.pass(0)

    expect(notes.changes).toEqual(['A written: 1 → none'])
  })

  it('tells nothing when the value is the same, and calls the next change by its own reason', async () => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    await manager.setSecret('A', '1')
    manager.clearCache()
    await time.pass(0)
    const before = [...notes.changes]
    source.secrets['A'] = '2'
    await time.pass(300)

    expect([before, notes.changes]).toEqual([[], ['A expired: 1 → 2']])
  })

  it('tells of each change once, and of none twice', async () => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: '0' })
    const manager = managerOf([source])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    for (let value = 1; value <= 5; value += 1) {
      await manager.setSecret('A', String(value))
      await Promise.all([manager.get('A'), manager.get('A', { fresh: true }), manager.getMany(['A'])])
      await time.pass(0)
    }

    expect(notes.changes).toEqual([1, 2, 3, 4, 5].map(value => `A written: ${value - 1} → ${value}`))
  })

  it('tells of another provider that answers now', async () => {
    using time = new FakeTime()
    const file = documentProvider('file', {})
    file.provenance = { ttl: 1 }
    const manager = managerOf([file, keyedProvider('vault', { A: 'vault' })])
    const sources: (string | undefined)[] = []
    using _ = manager.subscribe('A', ({ current, previous }) => sources.push(previous?.source, current?.source))
    await time.pass(0)

    file.secrets['A'] = 'file'
    await time.pass(1)

    expect(sources).toEqual(['vault', 'file'])
  })

  it('tells of a change although another key was forgotten while it was read', async () => {
    using time = new FakeTime()
    const source = provenProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)
    const held = Promise.withResolvers<void>()
    const { readSecret } = source
    source.readSecret = async (lookup, context) => held.promise.then(() => readSecret?.(lookup, context))
    source.secrets['A'] = '2'

    await time.pass(300)
    manager.clearCache('B')
    const explaining = manager.explain('C')
    held.resolve()
    await explaining
    await time.pass(1)

    expect([notes.changes, await manager.get('A')]).toEqual([['A expired: 1 → 2'], '2'])
  })

  it('tells of a change however many other keys were read meanwhile', async () => {
    const source = keyedProvider('vault', { A: '1', B: '1', C: '1' })
    const manager = managerOf([source], { maxEntries: 1 })
    const notes = new Notes()
    await manager.get('A')
    using subscription = manager.subscribe('A', notes.listen)

    source.secrets['A'] = '2'
    await manager.getMany(['B', 'C'])
    await manager.get('A', { fresh: true })

    expect([notes.changes, await manager.acceptedValues('A'), subscription !== undefined]).toEqual([
      ['A expired: 1 → 2'],
      ['2', '1'],
      true,
    ])
  })

  it('goes by what the last of several reads says about its time', async () => {
    using time = new FakeTime()
    const answers = [Promise.withResolvers<ProviderSecret>(), Promise.withResolvers<ProviderSecret>()]
    const source = provenProvider('vault')
    source.readSecret = async ({ key }) => answers[source.reads.push(key) - 1]?.promise
    const manager = managerOf([source])
    const subscription = manager.subscribe('A', () => undefined)

    manager.clearCache('A')
    answers[0]?.resolve({ value: '1' })
    await time.pass(0)
    answers[1]?.resolve({ value: '1', ttl: 1 })
    await time.pass(0)
    const before = source.reads.length
    await time.pass(1)
    subscription[Symbol.dispose]()

    expect([before, source.reads.length, time.timers]).toEqual([2, 3, 0])
  })

  it('reads no key that nobody listens to any longer, and leaves no timer behind', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const [first, second] = [new Notes(), new Notes()]
    const subscriptions = [manager.subscribe('A', first.listen), manager.subscribe('A', second.listen)]
    await time.pass(0)
    source.secrets['A'] = '2'

    subscriptions[0]?.[Symbol.dispose]()
    await time.pass(300)
    subscriptions[1]?.[Symbol.dispose]()
    subscriptions[1]?.[Symbol.dispose]()
    await time.pass(1000)

    expect([first.changes, second.changes, source.reads.length, time.timers]).toEqual([[], ['A expired: 1 → 2'], 2, 0])
  })

  it('ends with the signal, and does not begin when that has aborted before', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    const controller = new AbortController()

    manager.subscribe('A', notes.listen, { signal: controller.signal })
    await time.pass(0)
    controller.abort()
    const timers = time.timers
    const dead = manager.subscribe('A', notes.listen, { signal: controller.signal })
    dead[Symbol.dispose]()
    source.secrets['A'] = '2'
    await time.pass(1000)

    expect([notes.changes, timers, source.reads.length]).toEqual([[], 0, 1])
  })

  it('stops listening to the signal once it was disposed of', () => {
    const { signal } = new AbortController()
    const remove = vi.spyOn(signal, 'removeEventListener')

    const subscription = managerOf([]).subscribe('A', () => undefined, { signal })
    subscription[Symbol.dispose]()

    expect(remove).toHaveBeenCalledWith('abort', expect.any(Function))
  })

  it('ends when the manager is closed', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    manager.subscribe('A', notes.listen)
    await time.pass(0)

    await manager.close()
    source.secrets['A'] = '2'
    await time.pass(1000)

    expect([notes.changes, source.reads.length, time.timers]).toEqual([[], 1, 0])
  })

  it('ends when the manager is closed while it reads', async () => {
    using time = new FakeTime()
    const held = Promise.withResolvers<string>()
    const manager = managerOf([{ ...keyedProvider('vault'), getSecret: async () => held.promise }])
    manager.subscribe('A', () => undefined)

    const closing = manager.close()
    held.resolve('1')
    await closing
    await time.pass(1)

    expect(time.timers).toBe(0)
  })

  it('calls one function for each of its subscriptions, until that ends', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    const first = manager.subscribe('A', notes.listen)
    using _ = manager.subscribe('A', notes.listen)
    await time.pass(0)

    source.secrets['A'] = '2'
    await time.pass(300)
    first[Symbol.dispose]()
    source.secrets['A'] = '3'
    await time.pass(300)

    expect(notes.changes).toEqual(['A expired: 1 → 2', 'A expired: 1 → 2', 'A expired: 2 → 3'])
  })

  it('reports what a listener throws as an uncaught exception, and disturbs neither the read nor other listeners', async () => {
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const notes = new Notes()
    manager.subscribe('A', () => {
      throw new Error('its own affair')
    })
    using _ = manager.subscribe('A', notes.listen)
    await manager.get('A')
    source.secrets['A'] = '2'

    let value: string | undefined
    const failures = await uncaughtFailures(async () => {
      value = await manager.get('A', { fresh: true })
    })

    expect([failures, value, notes.changes]).toEqual([[new Error('its own affair')], '2', ['A expired: 1 → 2']])
  })

  it('lets a listener read the new value, subscribe and end its subscription', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    const values: Promise<string | undefined>[] = []
    const subscription = manager.subscribe('A', () => {
      values.push(manager.get('A'))
      subscription[Symbol.dispose]()
    })
    await time.pass(0)

    source.secrets['A'] = '2'
    await time.pass(300)
    source.secrets['A'] = '3'
    await time.pass(300)

    expect([await Promise.all(values), time.timers]).toEqual([['2'], 0])
  })

  it.each([Infinity, 10 ** 7])('waits for as long as a value is kept, were it %d seconds', async ttl => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source], { policy: { cache: { ttl, jitter: 0 } } })

    using _ = manager.subscribe('A', () => undefined)
    await time.pass(9_999_999)
    const before = source.reads.length
    await time.pass(1)

    expect([before, source.reads.length]).toEqual([1, ttl === Infinity ? 1 : 2])
  })

  it('keeps no process alive', async () => {
    const unref = vi.fn<() => void>()
    const real = setTimeout
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((...given: Parameters<typeof setTimeout>) => {
      const timer = real(...given)
      vi.spyOn(timer, 'unref').mockImplementation(() => (unref(), timer))
      return timer
    })
    const manager = managerOf([keyedProvider('vault', { A: '1' })])

    const subscription = manager.subscribe('A', () => undefined)
    await new Promise(resolve => setImmediate(resolve))
    subscription[Symbol.dispose]()

    expect(unref).toHaveBeenCalledOnce()
  })

  it('hands over values that do not print', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: 'canary-old' })
    const changes: SecretChange[] = []
    using _ = managerOf([source]).subscribe('A', change => changes.push(change))
    await time.pass(0)

    source.secrets['A'] = 'canary-new'
    await time.pass(300)

    expect(changes.map(({ current }) => current?.reveal())).toEqual(['canary-new'])
    expect(JSON.stringify(changes)).toBe(
      '[{"key":"A","reason":"expired","current":"[secret A]","previous":"[secret A]"}]',
    )
  })
})

type Manager = ReturnType<typeof managerOf>

describe('a provider that tells of a change', () => {
  it.each([
    ['of this key', ['A']],
    ['of several', ['B', 'A']],
    ['of any', undefined],
  ])('%s has its answer dropped and subscribers told at once', async (_, keys) => {
    using time = new FakeTime()
    const { provider, host } = hosted(documentProvider('vault', { A: '1' }))
    const manager = managerOf([provider])
    const notes = new Notes()
    using subscription = manager.subscribe('A', notes.listen)
    await time.pass(0)
    provider.secrets['A'] = '2'

    host().changed(keys)
    await time.pass(0)

    expect([notes.changes, await manager.get('A'), subscription !== undefined]).toEqual([
      ['A source_changed: 1 → 2'],
      '2',
      true,
    ])
  })

  it('is the reason that is told of keys that nobody listens to', async () => {
    using heard = listenTo(diagnosticChannels.change)
    const { provider, host } = hosted(keyedProvider('vault', { A: '1' }))
    const manager = managerOf([provider])
    await manager.get('A')
    provider.secrets['A'] = '2'

    host().changed()
    await manager.get('A')

    expect(heard.messages).toMatchObject([{ key: 'A', reason: 'source_changed' }])
  })

  it('of another key leaves this one', async () => {
    const { provider, host } = hosted(keyedProvider('vault', { A: '1', AB: '1' }))
    const manager = managerOf([provider])
    await manager.getMany(['A', 'AB'])

    host().changed(['A'])
    await manager.getMany(['A', 'AB'])

    expect(provider.reads).toEqual(['A', 'AB', 'A'])
  })

  it('reaches values that other providers answered, when it is above them', async () => {
    const { provider, host } = hosted(keyedProvider('file'))
    const manager = managerOf([provider, keyedProvider('vault', { A: 'vault' })])
    await manager.get('A')

    provider.secrets['A'] = 'file'
    host().changed(['A'])

    expect(await manager.get('A')).toBe('file')
  })

  it('while it is attached, or after the manager was closed, does no harm', async () => {
    const provider = keyedProvider('vault', { A: '1' })
    let host: ProviderHost | undefined
    provider.attach = given => {
      host = given
      given.changed()
      given.protect('token')
      given.report('ready')
    }
    const manager = managerOf([provider])
    const value = await manager.get('A')
    await manager.close()

    expect([value, host?.changed(['A']), host?.changed()]).toEqual(['1', undefined, undefined])
  })

  it('publishes what it reports under its name in the chain', () => {
    using heard = listenTo(diagnosticChannels.provider)
    const { provider, host } = hosted(keyedProvider('vault'))
    managerOf([keyedProvider('vault'), provider])

    host().report('renewed', { ttl: 3600 })
    host().report('degraded')

    expect(heard.messages).toEqual([
      { provider: 'vault-2', event: 'renewed', detail: { ttl: 3600 } },
      { provider: 'vault-2', event: 'degraded', detail: undefined },
    ])
  })
})

describe('the event of a change', () => {
  it('names the key, the reason and the source, and no value', async () => {
    using heard = listenTo(diagnosticChannels.change)
    const source = provenProvider('aws', { A: 'canary-1' })
    source.provenance = { version: 'v1' }
    const manager = managerOf([source])
    await manager.get('A')

    source.secrets['A'] = 'canary-2'
    source.provenance = { version: 'v2' }
    await manager.get('A', { fresh: true })
    delete source.secrets['A']
    await manager.get('A', { fresh: true })

    expect(heard.messages).toEqual([
      { key: 'A', reason: 'expired', source: 'aws', version: 'v2' },
      { key: 'A', reason: 'expired', source: undefined, version: undefined },
    ])
  })

  it('is published once for a key that nobody listens to any longer', async () => {
    using heard = listenTo(diagnosticChannels.change)
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')
    manager.subscribe('A', () => undefined)[Symbol.dispose]()

    source.secrets['A'] = '2'
    await manager.get('A', { fresh: true })
    await manager.get('A', { fresh: true })

    expect(heard.messages).toHaveLength(1)
  })

  it('is published for keys that nobody has subscribed to', async () => {
    using heard = listenTo(diagnosticChannels.change)
    const manager = managerOf([writableProvider('file', { A: '1' })])
    await manager.get('A')

    await manager.setSecret('A', '2')
    await manager.get('A')

    expect(heard.messages).toEqual([{ key: 'A', reason: 'written', source: 'file', version: undefined }])
  })
})
