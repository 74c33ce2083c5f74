import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ProviderDocument } from '../contract/provider-answer.ts'
import { denied, down } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, provenProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import type { SecretsManager } from './secrets-manager.ts'

processWarnings()

describe('a value', () => {
  it('is kept for 300 seconds', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')
    source.secrets['A'] = '2'

    await time.passMs(299_999)
    const kept = await manager.get('A')
    await time.passMs(1)
    const read = await manager.get('A')

    expect([kept, read, source.reads.length]).toEqual(['1', '2', 2])
  })

  it.each([
    ['shortest', 0, 270],
    ['middle', 0.5, 300],
    ['longest', 1 - 2 ** -53, 330],
  ])('is kept for 300 seconds ± 10 %%, by chance: the %s', async (_, random, seconds) => {
    using time = new FakeTime()
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source], { policy: {} })
    await manager.get('A')

    await time.passMs(seconds * 1000 - 1)
    await manager.get('A')
    const before = source.reads.length
    await time.passMs(1)
    await manager.get('A')

    expect([before, source.reads.length]).toEqual([1, 2])
  })

  it('is kept for as long as the policy of its provider says, else that of the manager', async () => {
    using time = new FakeTime()
    const [own, other] = [keyedProvider('own', { A: '1' }), keyedProvider('other', { B: '1' })]
    const manager = managerOf([{ provider: own, policy: { cache: { ttl: 5 } } }, other], {
      policy: { cache: { ttl: 60, jitter: 0, missTtl: 1000 } },
    })
    await manager.getMany(['A', 'B'])

    await time.pass(5)
    await manager.getMany(['A', 'B'])
    const after5 = [own.reads.length, other.reads.length]
    await time.pass(55)
    await manager.get('B')

    expect([after5, other.reads.length]).toEqual([[3, 1], 2])
  })

  it('is kept until it is cleared with a TTL of Infinity', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source], { policy: { cache: { ttl: Infinity } } })
    await manager.get('A')

    await time.pass(10 * 365 * 86_400)
    await manager.get('A')
    const before = source.reads.length
    manager.clearCache('A')
    await manager.get('A')

    expect([before, source.reads.length]).toEqual([1, 2])
  })

  it('is not kept at all where the policy says so', async () => {
    const [keyed, document] = [keyedProvider('a', { A: '1' }), documentProvider('b', { B: '1' })]
    const manager = managerOf([keyed, document], { policy: { cache: false } })

    await manager.get('A')
    await manager.get('A')
    await manager.get('B')
    await manager.get('B')

    expect([keyed.reads, document.reads]).toEqual([
      ['A', 'A', 'B', 'B'],
      ['*', '*'],
    ])
  })

  it('is one of so many at most', async () => {
    const source = keyedProvider('a', Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`K${index}`, 'x'])))
    const manager = managerOf([source], { maxEntries: 10 })

    for (const key of Object.keys(source.secrets)) await manager.get(key)

    expect(manager.stats().size).toBe(10)
  })
})

describe('a confirmed miss', () => {
  it('is kept for 10 seconds', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a')
    const manager = managerOf([source])
    await manager.get('A')
    source.secrets['A'] = 'now'

    await time.passMs(9999)
    const kept = await manager.get('A')
    await time.passMs(1)
    const read = await manager.get('A')

    expect([kept, read]).toEqual([undefined, 'now'])
  })

  it('is forgotten when the key is stored through the manager', async () => {
    const manager = managerOf([writableProvider('file')])
    await manager.get('A')

    await manager.setSecret('A', 'new')

    expect(await manager.get('A')).toBe('new')
  })

  it('of a document that does not exist is kept for 10 seconds', async () => {
    using time = new FakeTime()
    const source = documentProvider('vault', { A: '1' })
    const { readDocument } = source
    let exists = false
    source.readDocument = async (lookup, context) => {
      const document = await readDocument?.(lookup, context)
      return exists ? document : undefined
    }
    const manager = managerOf([source])
    await manager.get('A')
    exists = true

    await time.pass(9)
    const kept = await manager.get('A')
    await time.pass(1)

    expect([kept, await manager.get('A')]).toEqual([undefined, '1'])
  })

  it('is not one that rests on a provider that could not be asked', async () => {
    const source = keyedProvider('a', { A: 'there' })
    source.failure = down()
    const manager = managerOf([source])
    await manager.get('A')

    source.failure = undefined

    expect(await manager.get('A')).toBe('there')
  })
})

describe('a document', () => {
  it('is read once for any number of keys, and its age counts from that read', async () => {
    using time = new FakeTime()
    const source = documentProvider('a', { A: '1', B: '1' })
    const manager = managerOf([source])
    await manager.get('A')
    source.secrets['B'] = '2'

    await time.pass(200)
    const kept = await manager.get('B')
    await time.pass(100)
    const read = await manager.get('B')

    expect([kept, read, source.reads]).toEqual(['1', '2', ['*', '*']])
  })

  it('whose source vouches for a second is looked at each second, with the one that is known', async () => {
    using time = new FakeTime()
    const file = documentProvider('file', { A: '1' })
    const unchanged: ProviderDocument = { values: new Map([['A', '1']]), ttl: 1 }
    file.readDocument = async ({ known }) => {
      file.known.push(known)
      return known ?? unchanged
    }
    const manager = managerOf([file])

    for (let half = 0; half < 5; half += 1) {
      await manager.get('A')
      await time.pass(0.5)
    }

    expect(file.known).toEqual([undefined, unchanged, unchanged])
    expect(file.known[1]).toBe(unchanged)
  })

  it('above a kept value is looked at when its time is up, without asking for the value again', async () => {
    using time = new FakeTime()
    const file = documentProvider('file', {})
    file.provenance = { ttl: 1 }
    const vault = keyedProvider('vault', { A: 'vault' })
    const manager = managerOf([file, vault])
    await manager.get('A')
    file.secrets['A'] = 'file'

    await time.passMs(999)
    const before = await manager.get('A')
    await time.passMs(1)
    const after = await manager.get('A')

    expect([before, after, vault.reads]).toEqual(['vault', 'file', ['A']])
  })

  it('that loses the key lets the value below answer again', async () => {
    using time = new FakeTime()
    const file = documentProvider('file', { A: 'file' })
    file.provenance = { ttl: 1 }
    const manager = managerOf([file, keyedProvider('vault', { A: 'vault' })])
    await manager.get('A')

    delete file.secrets['A']
    await time.pass(1)

    expect(await manager.get('A')).toBe('vault')
  })
})

describe('what a source vouches for', () => {
  it('caps how long its value is kept, and does not lengthen it', async () => {
    using time = new FakeTime()
    const source = provenProvider('aws', { A: '1', B: '1' })
    const manager = managerOf([source])
    source.provenance = { ttl: 20 }
    await manager.get('A')
    source.provenance = { ttl: 10_000 }
    await manager.get('B')

    await time.pass(20)
    await manager.getMany(['A', 'B'])
    await time.pass(280)
    await manager.get('B')

    expect(source.reads).toEqual(['A', 'B', 'A', 'B'])
  })

  it('may be nothing: then it is asked each time', async () => {
    const source = provenProvider('aws', { A: '1' })
    source.provenance = { ttl: 0 }
    const manager = managerOf([source])

    await manager.get('A')
    await manager.get('A')

    expect(source.reads).toEqual(['A', 'A'])
  })
})

describe('a provider above the winner that failed or was not there', () => {
  it('is asked again after 10 seconds, and the winner is not', async () => {
    using time = new FakeTime()
    const vault = keyedProvider('vault', { A: 'vault' })
    vault.failure = down()
    const low = keyedProvider('low', { A: 'low' })
    const manager = managerOf([vault, low])
    const first = await manager.get('A')
    vault.failure = undefined

    await time.pass(9)
    const kept = await manager.get('A')
    await time.pass(1)
    const after = await manager.get('A')

    expect([first, kept, after, low.reads.length]).toEqual(['low', 'low', 'vault', 1])
  })
})

describe('fresh', () => {
  it('asks the sources again, and what they say is kept', async () => {
    const source = documentProvider('a', { A: '1', B: '1' })
    const manager = managerOf([source])
    await manager.getMany(['A', 'B'])
    Object.assign(source.secrets, { A: '2', B: '2' })

    const values = [await manager.get('A'), await manager.get('A', { fresh: true }), await manager.get('A')]

    expect(values).toEqual(['1', '2', '2'])
    expect(source.reads.length).toBe(2)
  })

  it('reads of one key that are made at once share one request', async () => {
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')

    await Promise.all(Array.from({ length: 100 }, async () => manager.get('A', { fresh: true })))

    expect(source.reads).toEqual(['A', 'A'])
  })

  it('does not join a read that began before it', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])

    const early = manager.get('A')
    const fresh = manager.get('A', { fresh: true })
    source.calls[0]?.resolve('old')
    source.calls[1]?.resolve('new')

    expect([await fresh, await early, await manager.get('A'), source.calls.length]).toEqual(['new', 'old', 'new', 2])
  })
})

describe('clearCache', () => {
  it('forgets values and documents, and says how many keys', async () => {
    const source = documentProvider('a', { A: '1', B: '1' })
    const manager = managerOf([source])
    await manager.getMany(['A', 'B'])
    source.secrets['A'] = '2'

    const forgotten = manager.clearCache()

    expect([forgotten, await manager.get('A'), manager.clearCache(), manager.clearCache()]).toEqual([2, '2', 1, 0])
  })

  it('of one key leaves the others, apart from those of the same document', async () => {
    const [keyed, document] = [keyedProvider('keyed', { A: '1', AB: '1' }), documentProvider('document', { C: '1' })]
    const manager = managerOf([keyed, document])
    await manager.getMany(['A', 'AB', 'C'])

    const forgotten = [manager.clearCache('A'), manager.clearCache('A'), manager.clearCache('none')]
    await manager.getMany(['A', 'AB', 'C'])

    expect([forgotten, keyed.reads]).toEqual([
      [1, 0, 0],
      ['A', 'AB', 'C', 'A'],
    ])
  })

  it('forgets the stale values too', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')
    await time.pass(300)
    source.failure = down()

    const stale = await manager.get('A')
    manager.clearCache('A')

    expect([stale, await manager.get('A')]).toEqual(['1', undefined])
  })
})

describe('what is loading when it is forgotten', () => {
  it.each([
    ['clearCache', (manager: SecretsManager) => Promise.resolve(manager.clearCache())],
    ['clearCache of the key', (manager: SecretsManager) => Promise.resolve(manager.clearCache('A'))],
    ['setSecret', (manager: SecretsManager) => manager.setSecret('A', 'new')],
    ['deleteSecret', (manager: SecretsManager) => manager.deleteSecret('A')],
  ])('by %s is handed out and not kept', async (_, forget) => {
    const held = heldProvider('file')
    const manager = managerOf([{ ...writableProvider('file'), getSecret: held.getSecret }])

    const early = manager.get('A')
    await forget(manager)
    const late = manager.get('A')
    held.calls[0]?.resolve('old')
    held.calls[1]?.resolve('new')

    expect([await early, await late, await manager.get('A'), held.calls.length]).toEqual(['old', 'new', 'new', 2])
  })

  it('is not kept as a document either', async () => {
    const first = Promise.withResolvers<ProviderDocument>()
    const source = documentProvider('file', { A: 'new' })
    const { readDocument } = source
    source.readDocument = async (lookup, context) => {
      const document = await readDocument?.(lookup, context)
      return source.reads.length === 1 ? first.promise : document
    }
    const manager = managerOf([source])

    const early = manager.get('A')
    manager.clearCache()
    first.resolve({ values: new Map([['A', 'old']]) })

    expect([await early, await manager.get('A'), source.known]).toEqual(['old', 'new', [undefined, undefined]])
  })
})

describe('refresh-ahead', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const policy = { retry: false, breaker: false, cache: { jitter: 0, ttl: 100, refreshAhead: 0.8 } } as const

  it.each([
    ['a key', keyedProvider],
    ['a document', documentProvider],
  ])('reads %s in the background once, while the old value is handed out', async (_, make) => {
    using time = new FakeTime()
    const source = make('a', { A: '1' })
    const manager = managerOf([source], { policy })
    await manager.get('A')
    source.secrets['A'] = '2'

    await time.passMs(79_999)
    await manager.get('A')
    const before = source.reads.length
    await time.passMs(1)
    const old = await Promise.all([manager.get('A'), manager.get('A')])
    await time.passMs(0)

    expect([before, old, await manager.get('A'), source.reads.length]).toEqual([1, ['1', '1'], '2', 2])
  })

  it('keeps the old value until its time is up while the source is down', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source], { policy })
    await manager.get('A')
    source.failure = down()

    await time.pass(80)
    await manager.get('A')
    await time.passMs(0)
    const { trace } = await manager.resolve('A')

    expect([trace.status, trace.cache]).toEqual(['found', 'hit'])
  })

  it('drops the value when the source denies it in the background', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source], { policy })
    await manager.get('A')
    source.failure = denied()

    await time.pass(80)
    const last = await manager.get('A')
    await time.passMs(0)

    expect([last, await manager.get('A')]).toEqual(['1', undefined])
  })

  it('never lets a key expire that is read often, and makes one call each time', async () => {
    using time = new FakeTime()
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source], { policy })

    for (let second = 0; second < 400; second += 1) {
      await manager.get('A')
      await time.pass(1)
    }

    expect(source.reads.length).toBe(5)
  })
})
