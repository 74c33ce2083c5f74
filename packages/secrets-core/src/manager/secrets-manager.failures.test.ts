import { describe, expect, it, vi } from 'vitest'
import { denied, down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf, plainPolicy } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import {
  batchProvider,
  documentProvider,
  keyedProvider,
  type SampleProvider,
  writableProvider,
} from '../__fixtures__/sample-provider.ts'
import { SecretError } from '../contract/secret-error.ts'
import type { ProviderPolicy } from '../policy/provider-policy.ts'
import type { SecretsManager } from './secrets-manager.ts'

const warnings = processWarnings()

/** With the retries and the breaker of the defaults. */
const patient: ProviderPolicy = { cache: { jitter: 0 } }

describe('a provider that fails', () => {
  it('does not hide what a later one has, and the default is for what nobody has', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down()
    const manager = managerOf([broken, keyedProvider('b', { A: 'b' })])

    expect([await manager.get('A'), await manager.get('Z', 'default')]).toEqual(['b', 'default'])
  })

  it('makes a key unresolved that nobody else has, each time anew', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down()
    const manager = managerOf([keyedProvider('a'), broken])

    const statuses = [(await manager.resolve('A')).status, (await manager.resolve('A')).status]

    expect([statuses, broken.reads]).toEqual([
      ['unresolved', 'unresolved'],
      ['A', 'A'],
    ])
  })

  it('leaves the misses of others kept while it is asked again', async () => {
    const [env, broken] = [keyedProvider('env'), keyedProvider('broken')]
    broken.failure = down()
    const manager = managerOf([env, broken])

    await manager.get('A')
    await manager.get('A')

    expect([env.reads, broken.reads]).toEqual([['A'], ['A', 'A']])
  })

  it('ends the read with an error where its policy says so, for `get` too', async () => {
    const strict = keyedProvider('strict')
    strict.failure = down()
    const low = keyedProvider('low', { A: 'low' })
    const manager = managerOf([
      keyedProvider('env', { B: 'env' }),
      { provider: strict, policy: { onError: 'fail' } },
      low,
    ])

    const errors = await Promise.all(
      [manager.get('A'), manager.get('A', 'default'), manager.require('A'), manager.getMany(['B', 'A'])].map(
        rejectionOf,
      ),
    )

    expect(errors).toEqual(errors.map(() => expect.objectContaining({ kind: 'unresolved', key: 'A' })))
    expect([low.reads, await manager.get('B')]).toEqual([[], 'env'])
    const { status, trace } = await manager.resolve('A')
    expect([status, trace.steps.map(({ outcome }) => outcome)]).toEqual([
      'unresolved',
      ['missing', 'failed', 'not_reached'],
    ])
  })

  it('is named in one warning a minute for each key, without a value', async () => {
    using time = new FakeTime()
    const broken = keyedProvider('vault')
    broken.failure = down({ hint: 'Start it.' })
    const manager = managerOf([broken])

    for (const key of ['A', 'A', 'B']) await manager.get(key, 'canary-12')
    await time.pass(59)
    await manager.get('A')
    const before = warnings().length
    await time.pass(1)
    await manager.get('A')

    expect([before, warnings().length]).toEqual([2, 3])
    expect(warnings()[0]).toEqual({
      message: 'Secret "A" could not be looked up: vault failed (unavailable).',
      type: 'SecretUnresolvedWarning',
      code: 'ST_SECRETS_UNRESOLVED',
      detail: 'Start it.',
    })
  })

  it('is not warned of when the key is missing, when somebody has it, and when `require` throws', async () => {
    const broken = keyedProvider('vault')
    broken.failure = down()
    const manager = managerOf([broken, keyedProvider('b', { A: 'b' })])

    await manager.get('A')
    await rejectionOf(manager.require('B'))
    await managerOf([keyedProvider('a')]).get('C')

    expect(warnings()).toEqual([])
  })
})

describe('a stale value', () => {
  /** A manager whose source gave the value 300 seconds ago and fails now. */
  async function outage(
    source: SampleProvider,
    time: FakeTime,
    policy: ProviderPolicy = plainPolicy,
  ): Promise<{ manager: SecretsManager; low: SampleProvider }> {
    const low = keyedProvider('low', { A: 'low', B: 'low' })
    const manager = managerOf([source, low], { policy })
    await manager.get('A')
    await time.pass(300)
    source.failure = down({ hint: 'Start it.' })
    return { manager, low }
  }

  const sources = [
    ['a keyed provider', () => keyedProvider('vault', { A: 'vault' })],
    ['a document', () => documentProvider('vault', { A: 'vault' })],
  ] as const

  it.each(sources)('of %s stands in for a transient failure and ends the search', async (_, make) => {
    using time = new FakeTime()
    const { manager, low } = await outage(make(), time)

    const { status, secret, trace } = await manager.resolve('A')

    expect([status, secret?.reveal(), low.reads]).toEqual(['found', 'vault', []])
    expect(trace).toMatchObject({ cache: 'stale', ageMs: 300_000, expiresInMs: 0, source: 'vault' })
    expect(trace.steps).toMatchObject([
      { outcome: 'hit', stale: true, kind: 'unavailable', message: 'no answer', hint: 'Start it.', attempts: 1 },
      { outcome: 'not_reached' },
    ])
    expect(manager.stats().staleServed).toBe(1)
  })

  it.each(sources)('of %s is not kept: the source is asked by the next read', async (_, make) => {
    using time = new FakeTime()
    const source = make()
    const { manager } = await outage(source, time)

    const stale = [await manager.get('A'), await manager.get('A')]
    source.failure = undefined
    source.secrets['A'] = 'back'

    expect([stale, await manager.get('A'), source.reads.length]).toEqual([['vault', 'vault'], 'back', 4])
  })

  it.each(sources)('of %s is handed out for 3600 seconds past its time and no longer', async (_, make) => {
    using time = new FakeTime()
    const { manager } = await outage(make(), time)

    await time.passMs(3_599_999)
    const last = await manager.get('A')
    await time.passMs(1)

    expect([last, await manager.get('A')]).toEqual(['vault', 'low'])
  })

  it.each([
    ['the policy says', { cache: { jitter: 0, staleIfError: 20 } }, 20],
    ['nothing is kept', { cache: false }, 0],
    ['it is switched off', { cache: { jitter: 0, staleIfError: 0 } }, 0],
  ] as const)('is handed out for as long as %s', async (_, policy, seconds) => {
    using time = new FakeTime()
    const { manager } = await outage(keyedProvider('vault', { A: 'vault' }), time, { ...plainPolicy, ...policy })

    await time.passMs(Math.max(0, seconds * 1000 - 1))
    const last = await manager.get('A')
    await time.passMs(1)

    expect([last, await manager.get('A')]).toEqual([seconds > 0 ? 'vault' : 'low', 'low'])
  })

  it.each(sources)(
    'of %s is never handed out after a denial, nor after the outage that follows it',
    async (_, make) => {
      using time = new FakeTime()
      const source = make()
      const { manager } = await outage(source, time)
      source.failure = denied()

      const denial = await manager.get('A')
      source.failure = down()

      expect([denial, await manager.get('A')]).toEqual(['low', 'low'])
    },
  )

  it('of a document is gone for all keys once the document is denied for one', async () => {
    const source = documentProvider('vault', { A: 'a', B: 'b' })
    const manager = managerOf([source])
    await manager.getMany(['A', 'B'])
    source.failure = denied()

    const denial = await manager.get('A', { fresh: true })

    expect([denial, await manager.get('B')]).toEqual([undefined, undefined])
  })

  it.each(sources)('of %s is never handed out after a confirmed miss', async (_, make) => {
    using time = new FakeTime()
    const source = make()
    const { manager } = await outage(source, time)
    source.failure = undefined
    delete source.secrets['A']
    await manager.get('A')
    await time.pass(300)

    source.failure = down()

    expect(await manager.get('A')).toBe('low')
  })

  it.each(['unauthenticated', 'forbidden', 'malformed', 'insecure', 'not_configured', 'internal', 'closed'] as const)(
    'does not stand in for a failure that is %s',
    async kind => {
      using time = new FakeTime()
      const source = keyedProvider('vault', { A: 'vault' })
      const { manager } = await outage(source, time)

      source.failure = new SecretError(kind, 'failed')

      expect(await manager.get('A')).toBe('low')
    },
  )

  it.each(['unavailable', 'timeout', 'throttled'] as const)('stands in for a failure that is %s', async kind => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: 'vault' })
    const { manager } = await outage(source, time)

    source.failure = new SecretError(kind, 'failed')

    expect(await manager.get('A')).toBe('vault')
  })

  it('stands in where the failure calls itself transient, and not where it says it is not', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: 'vault' })
    const { manager } = await outage(source, time)

    source.failure = new SecretError('malformed', 'failed', { transient: true })
    const malformed = await manager.get('A')
    source.failure = down({ transient: false })

    expect([malformed, await manager.get('A')]).toEqual(['vault', 'low'])
  })

  it('stands in for a source that hangs, and for one that its breaker keeps away from', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: 'vault' })
    const { manager } = await outage(source, time, { ...plainPolicy, breaker: { failures: 1 } })
    source.getSecret = async () => new Promise(() => undefined)

    const hanging = manager.resolve('A')
    await time.pass(3)
    const { trace } = await manager.resolve('A')

    expect((await hanging).trace.steps[0]).toMatchObject({ stale: true, kind: 'timeout', durationMs: 3000 })
    expect(trace.steps[0]).toMatchObject({ stale: true, kind: 'unavailable', detail: 'circuit_open', durationMs: 0 })
  })

  it('is one that this key has had: a document of an earlier time does not tell that others are missing', async () => {
    using time = new FakeTime()
    const { manager } = await outage(documentProvider('vault', { A: 'vault' }), time)

    const { trace } = await manager.resolve('B')

    expect(trace).toMatchObject({
      source: 'low',
      steps: [{ outcome: 'failed', kind: 'unavailable' }, { outcome: 'hit' }],
    })
    expect((await manager.resolve('C')).status).toBe('unresolved')
  })

  it('is handed out where the policy ends reads on errors', async () => {
    using time = new FakeTime()
    const { manager } = await outage(keyedProvider('vault', { A: 'vault' }), time, { ...plainPolicy, onError: 'fail' })

    expect(await manager.get('A')).toBe('vault')
  })

  it('is handed out by a fresh read too, and said to be stale although its time is not up', async () => {
    const source = keyedProvider('vault', { A: 'vault' })
    const manager = managerOf([source])
    await manager.get('A')
    source.failure = down()

    const { secret, trace } = await manager.resolve('A', { fresh: true })

    expect([secret?.reveal(), trace.cache, trace.steps[0]?.stale]).toEqual(['vault', 'stale', true])
  })

  it('of a batch stands in key by key', async () => {
    using time = new FakeTime()
    const source = batchProvider('aws', { A: '1', B: '2' })
    const manager = managerOf([source])
    await manager.getMany(['A', 'B'])
    await time.pass(300)
    source.secrets['A'] = down()
    source.secrets['B'] = denied()

    expect(await manager.getMany(['A', 'B'])).toEqual({ A: '1', B: undefined })
  })

  it('is handed out without waiting by getSync, with the same bounds', async () => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: 'file' })
    const manager = managerOf([source])
    manager.getSync('A')
    await time.pass(300)
    source.failure = down()

    await time.passMs(3_599_999)
    const last = manager.getSync('A')
    await time.passMs(1)
    const after = manager.getSync('A', 'default')

    expect([last, after, manager.stats().staleServed]).toEqual(['file', 'default', 1])
  })

  it('is not handed out by getSync after a denial', async () => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: 'file' })
    const manager = managerOf([source])
    manager.getSync('A')
    await time.pass(300)
    source.failure = denied()

    const denial = manager.getSync('A', 'default')
    source.failure = down()

    expect([denial, manager.getSync('A', 'default')]).toEqual(['default', 'default'])
  })
})

describe('retries', () => {
  it('are two, with full jitter, of transient failures', async () => {
    using time = new FakeTime()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const source = keyedProvider('vault', { A: 'vault' })
    source.failure = down()
    const times: number[] = []
    const { getSecret } = source
    source.getSecret = async (key, context) => {
      times.push(time.nowMs)
      if (times.length === 3) source.failure = undefined
      return getSecret(key, context)
    }

    const reading = managerOf([source], { policy: patient }).resolve('A')
    await time.pass(3)
    const { secret, trace } = await reading

    expect([secret?.reveal(), times]).toEqual(['vault', [0, 50, 150]])
    expect(trace.steps[0]).toMatchObject({ outcome: 'hit', attempts: 3, durationMs: 150 })
  })

  it('are not made of a denial', async () => {
    const source = keyedProvider('vault')
    source.failure = denied()

    const { trace } = await managerOf([source], { policy: patient }).resolve('A')

    expect([source.reads, trace.steps[0]]).toEqual([
      ['A'],
      expect.objectContaining({ outcome: 'failed', kind: 'forbidden', attempts: 1 }),
    ])
  })

  it('end with the deadline of the provider', async () => {
    using time = new FakeTime()
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const source = keyedProvider('vault')
    source.failure = down()
    const policy = { ...patient, timeoutMs: 1000, retry: { retries: 9, baseMs: 400 } }

    const reading = managerOf([source], { policy }).resolve('A')
    await time.pass(3)
    const { trace } = await reading

    expect(source.reads.length).toBe(2)
    expect(trace.steps[0]).toMatchObject({ kind: 'unavailable', attempts: 2 })
  })

  it('wait for as long as the source asks for', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: 'vault' })
    source.failure = new SecretError('throttled', 'slow down', { retryAfterMs: 1500 })

    const reading = managerOf([source], { policy: patient }).resolve('A')
    await time.passMs(1000)
    source.failure = undefined
    const before = source.reads.length
    await time.passMs(500)
    const { trace } = await reading

    expect([before, trace.steps[0]?.attempts, trace.steps[0]?.durationMs]).toEqual([1, 2, 1500])
  })

  it('are not made where the source wants to be left alone for longer than there is time', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault')
    source.failure = new SecretError('throttled', 'slow down', { retryAfterMs: 3000 })
    const low = keyedProvider('low', { A: 'low' })

    const { trace } = await managerOf([source, low], { policy: patient }).resolve('A')

    expect([source.reads.length, trace.source, time.timers]).toEqual([1, 'low', 0])
    expect(trace.steps[0]).toMatchObject({ kind: 'throttled', durationMs: 0, attempts: 1 })
  })

  it('are in the trace of the value that stands in', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source], { policy: patient })
    await manager.get('A')
    source.failure = down({ retryAfterMs: 1 })

    const resolving = manager.resolve('A', { fresh: true })
    await time.passMs(2)
    const { trace } = await resolving

    expect(trace.steps[0]).toMatchObject({ outcome: 'hit', stale: true, attempts: 3 })
  })

  it('are counted', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault')
    source.failure = down()
    const manager = managerOf([source], { policy: patient })

    const reading = manager.get('A')
    await time.pass(3)
    await reading

    expect(manager.stats().providers).toEqual([
      { provider: 'vault', calls: 1, failures: 1, retries: 2, breaker: 'closed' },
    ])
  })
})

describe('the circuit breaker', () => {
  async function readAll(manager: SecretsManager, time: FakeTime, keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const reading = manager.get(key)
      await time.pass(3)
      await reading
    }
  }

  it('opens after five reads that failed, whatever their retries, and keeps away for 30 seconds', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { G: 'back' })
    source.failure = down()
    const manager = managerOf([source], { policy: patient })

    await readAll(manager, time, ['A', 'B', 'C', 'D'])
    const atFour = manager.stats().providers[0]?.breaker
    const fifth = manager.get('E')
    await time.passMs(1000)
    await fifth
    const openedAt = source.reads.length
    const { trace } = await manager.resolve('F')

    expect([atFour, manager.stats().providers[0]?.breaker, openedAt, source.reads.length]).toEqual([
      'closed',
      'open',
      15,
      15,
    ])
    expect(trace.steps[0]).toMatchObject({ kind: 'unavailable', detail: 'circuit_open', attempts: 0 })
    source.failure = undefined
    await time.pass(30)
    expect(manager.stats().providers[0]?.breaker).toBe('half_open')
    expect([await manager.get('G'), manager.stats().providers[0]?.breaker]).toEqual(['back', 'closed'])
  })

  it('lets one probe through, without retries', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault')
    source.failure = down()
    const manager = managerOf([source], { policy: patient })
    await readAll(manager, time, ['A', 'B', 'C', 'D', 'E'])
    await time.pass(30)

    await Promise.all(['F', 'G', 'H'].map(async key => manager.get(key)))

    expect([source.reads.length, manager.stats().providers[0]?.breaker]).toEqual([16, 'open'])
  })

  it('does not open for denials, nor for reads that their callers gave up', async () => {
    using time = new FakeTime()
    const refusing = keyedProvider('refusing')
    refusing.failure = denied()
    const slow = heldProvider('slow')
    const manager = managerOf([refusing, slow], { policy: { ...patient, breaker: { failures: 2 } } })

    for (const key of ['A', 'B', 'C']) {
      const controller = new AbortController()
      const reading = rejectionOf(manager.get(key, { signal: controller.signal }))
      await time.passMs(10)
      controller.abort('enough')
      await reading
    }

    expect(manager.stats().providers.map(({ breaker }) => breaker)).toEqual(['closed', 'closed'])
    expect(slow.calls.length).toBe(3)
  })

  it('does not open for reads whose callers allowed less time than the provider has', async () => {
    using time = new FakeTime()
    const slow = heldProvider('slow')
    const manager = managerOf([slow], { policy: { ...patient, breaker: { failures: 2 } } })

    for (const key of ['A', 'B', 'C']) {
      const reading = manager.get(key, { timeoutMs: 10 })
      await time.passMs(10)
      await reading
    }

    expect([manager.stats().providers[0]?.breaker, slow.calls.length]).toEqual(['closed', 3])
  })

  it('is the one of its provider alone, and may be off', async () => {
    using time = new FakeTime()
    const [first, second] = [keyedProvider('first'), keyedProvider('second')]
    first.failure = down()
    second.failure = down()
    const manager = managerOf([first, { provider: second, policy: { breaker: false } }], {
      policy: { ...plainPolicy, breaker: { failures: 1 } },
    })

    await readAll(manager, time, ['A', 'B', 'C'])

    expect([first.reads.length, second.reads.length]).toEqual([1, 3])
    expect(manager.stats().providers.map(({ breaker }) => breaker)).toEqual(['open', 'off'])
  })
})

describe('deadlines', () => {
  it('give a provider up after 3 seconds, tell it to stop, and ask the next one', async () => {
    using time = new FakeTime()
    const hanging = heldProvider('hanging')
    const manager = managerOf([hanging, keyedProvider('b', { A: 'b' })])

    const value = manager.get('A')
    await time.passMs(2999)
    const before = hanging.calls[0]?.signal.aborted
    await time.passMs(1)

    expect([before, await value, hanging.calls[0]?.signal.aborted]).toEqual([false, 'b', true])
  })

  it('end one read after 8 seconds, however many providers hang, and ask nobody whose turn comes too late', async () => {
    using time = new FakeTime()
    const providers = ['a', 'b', 'c', 'd'].map(heldProvider)
    const manager = managerOf(providers)

    const resolving = manager.resolve('A')
    await time.pass(9)
    const { status, trace } = await resolving

    expect(status).toBe('unresolved')
    expect(trace.steps.map(({ kind, durationMs, attempts }) => [kind, durationMs, attempts])).toEqual([
      ['timeout', 3000, 1],
      ['timeout', 3000, 1],
      ['timeout', 2000, 1],
      ['timeout', 0, 0],
    ])
    expect(providers.map(({ calls }) => calls.length)).toEqual([1, 1, 1, 0])
  })

  it('tell a provider to stop when the time for the whole chain is up before its own', async () => {
    using time = new FakeTime()
    const hanging = heldProvider('hanging')
    const manager = managerOf([hanging], { timeoutMs: 1000 })

    const reading = manager.get('A')
    await time.pass(1)
    await reading

    expect(hanging.calls[0]?.signal.aborted).toBe(true)
  })

  it('are those of the options', async () => {
    using time = new FakeTime()
    const entries = ['a', 'b'].map(name => ({ provider: heldProvider(name), policy: { timeoutMs: 500 } }))
    const manager = managerOf(entries, { timeoutMs: 700 })

    const resolving = manager.resolve('A')
    await time.passMs(700)
    const { trace } = await resolving

    expect(trace.steps.map(({ durationMs }) => durationMs)).toEqual([500, 200])
  })

  it('leave no timer behind', async () => {
    using time = new FakeTime()
    const manager = managerOf([keyedProvider('a'), documentProvider('b', { A: '1' })])

    await manager.get('A')
    await manager.getMany(['B', 'C'], { timeoutMs: 500 })

    expect(time.timers).toBe(0)
  })

  it('count the wait in line: no more requests are under way than the policy allows', async () => {
    using time = new FakeTime()
    const source = heldProvider('slow')
    const manager = managerOf([{ provider: source, policy: { concurrency: 2 } }])

    const reads = ['A', 'B', 'C'].map(async key => manager.resolve(key))
    await time.pass(2)
    const underWay = source.calls.length
    source.calls[0]?.resolve('a')
    await time.passMs(0)
    await time.pass(1)
    const [a, b, c] = await Promise.all(reads)

    expect([underWay, source.calls.map(({ key }) => key)]).toEqual([2, ['A', 'B', 'C']])
    expect([a?.status, b?.trace.steps[0]?.kind, c?.trace.steps[0]?.kind]).toEqual(['found', 'timeout', 'timeout'])
  })
})
