import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { batchProvider, documentProvider, keyedProvider, provenProvider } from '../__fixtures__/sample-provider.ts'
import { SecretMissingError, SecretUnresolvedError } from './resolution-error.ts'

const warnings = processWarnings()

describe('get', () => {
  it('answers from the first provider that has the key', async () => {
    const [first, second, third] = [
      keyedProvider('a', { A: '1' }),
      keyedProvider('b', { A: '2', B: '2' }),
      keyedProvider('c', { B: '3', C: '3' }),
    ]
    const manager = managerOf([first, second, third])

    const values = [await manager.get('A'), await manager.get('B'), await manager.get('C'), await manager.get('D')]

    expect(values).toEqual(['1', '2', '3', undefined])
    expect([first.reads, second.reads, third.reads]).toEqual([
      ['A', 'B', 'C', 'D'],
      ['B', 'C', 'D'],
      ['C', 'D'],
    ])
  })

  it('takes an empty value for none', async () => {
    const manager = managerOf([
      keyedProvider('a', { A: '' }),
      documentProvider('b', { A: '' }),
      keyedProvider('c', { A: 'c' }),
    ])

    expect(await manager.get('A')).toBe('c')
  })

  it('gives a value verbatim', async () => {
    const values = [' ', '0', 'false', 'a\nb', '\u0000', 'x'.repeat(1_000_000)]
    const manager = managerOf([
      keyedProvider('a', Object.fromEntries(values.map((value, index) => [`K${index}`, value]))),
    ])

    const read = await Promise.all(values.map(async (_, index) => manager.get(`K${index}`)))

    expect(read).toEqual(values)
  })

  it('gives the default for a key that nobody has, without remembering it', async () => {
    const manager = managerOf([keyedProvider('a')])

    expect([await manager.get('E', 'one'), await manager.get('E', 'other'), await manager.get('E')]).toEqual([
      'one',
      'other',
      undefined,
    ])
  })

  it('takes the options with or without a default', async () => {
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')

    const values = [await manager.get('A', { fresh: true }), await manager.get('Z', 'default', { fresh: true })]

    expect([values, source.reads]).toEqual([
      ['1', 'default'],
      ['A', 'A', 'Z'],
    ])
  })

  it('answers without any provider', async () => {
    expect([await managerOf([]).get('A'), await managerOf([]).get('A', 'default')]).toEqual([undefined, 'default'])
  })

  it('gives the well-known tokens', async () => {
    const manager = managerOf([
      keyedProvider('a', { REPLICATE_API_TOKEN: 'r8', HF_TOKEN: 'hf', CLOUD_WEBHOOK_SECRET: 'wh' }),
    ])

    const tokens = await Promise.all([manager.getReplicateToken(), manager.getHfToken(), manager.getWebhookSecret()])

    expect(tokens).toEqual(['r8', 'hf', 'wh'])
  })
})

describe('a key', () => {
  it.each(['', 5, null, undefined, Symbol('A'), {}, [5]])('that is %s is refused by every call', async key => {
    const source = keyedProvider('a')
    const manager = managerOf([source])
    // Callers without types pass anything.
    const wrong = key as string

    const refusals = await Promise.all(
      [
        manager.get(wrong),
        manager.require(wrong),
        manager.resolve(wrong),
        manager.explain(wrong),
        manager.getMany(['A', wrong]),
        manager.withSecret(wrong, () => undefined),
        manager.acceptedValues(wrong),
        manager.setSecret(wrong, 'value'),
        manager.deleteSecret(wrong),
      ].map(rejectionOf),
    )

    expect(refusals.filter(refusal => !(refusal instanceof TypeError))).toEqual([])
    expect(() => manager.getSync(wrong)).toThrow(TypeError)
    expect(() => manager.subscribe(wrong, () => undefined)).toThrow(TypeError)
    expect(source.reads).toEqual([])
  })

  it.each([
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['toString', 'toString'],
    ['with NUL', 'A\u0000B'],
    ['with a newline', 'A\r\nB'],
    ['with a lone surrogate', '\ud800'],
    ['of 64 kB', 'k'.repeat(65_536)],
    ['that looks like a slot', '"A" [null,"previous"]'],
  ])('%s is an ordinary key', async (_, key) => {
    const keyed = keyedProvider('keyed', JSON.parse(`{${JSON.stringify(key)}:"keyed"}`))
    const document = documentProvider('document', JSON.parse(`{${JSON.stringify(key)}:"document"}`))
    const missing = managerOf([keyedProvider('a'), documentProvider('b', {})])

    const values = [await managerOf([keyed]).get(key), await managerOf([document]).get(key), await missing.get(key)]
    const many = await managerOf([document]).getMany([key, 'other'])
    const listed = await managerOf([document]).list()

    expect(values).toEqual(['keyed', 'document', undefined])
    expect(Object.entries(many)).toEqual([
      [key, 'document'],
      ['other', undefined],
    ])
    expect(listed.keys.map(({ key: name }) => name)).toEqual([key])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a provider', () => {
  it('that is not configured is left out, until it is', async () => {
    using time = new FakeTime()
    const source = keyedProvider('off', { A: 'off' })
    source.available = false
    const manager = managerOf([source, keyedProvider('b', { A: 'b' })])

    const before = await manager.get('A')
    source.available = true
    await time.pass(10)

    expect([before, source.reads.length, await manager.get('A')]).toEqual(['b', 0, 'off'])
  })

  it('that is no longer configured is not asked any more', async () => {
    using time = new FakeTime()
    const source = keyedProvider('on', { A: 'on' })
    const manager = managerOf([source, keyedProvider('b', { A: 'b' })])
    await manager.get('A')

    source.available = false
    await time.pass(300)

    expect([await manager.get('A'), source.reads.length]).toEqual(['b', 1])
  })

  it('is asked only for the keys that it accepts', async () => {
    const source = keyedProvider('some', { A: '1', B: '1' })
    const manager = managerOf([{ provider: source, accepts: key => key === 'A' }, keyedProvider('b', { B: '2' })])

    const { trace } = await manager.resolve('B')

    expect([await manager.getMany(['A', 'B', 'C']), source.reads]).toEqual([{ A: '1', B: '2', C: undefined }, ['A']])
    expect(trace.steps[0]).toMatchObject({ provider: 'some', outcome: 'skipped', detail: 'not_accepted', attempts: 0 })
  })

  it('has a number behind its name where others have the same', async () => {
    const names = ['vault', 'vault-2', 'vault', 'file', 'vault']
    const manager = managerOf(names.map(name => keyedProvider(name)))

    const { trace } = await manager.resolve('A')

    expect(trace.steps.map(({ provider }) => provider)).toEqual(['vault', 'vault-2', 'vault-3', 'file', 'vault-4'])
  })

  it('is asked by readSecret rather than getSecret, and by readDocument rather than both', async () => {
    const proven = provenProvider('proven', { A: '1' })
    const document = { ...provenProvider('document'), ...documentProvider('document', { B: '2' }) }
    const unwanted = vi.fn<() => Promise<string>>(async () => 'wrong')
    const manager = managerOf([
      { ...proven, getSecret: unwanted },
      { ...document, getSecret: unwanted },
    ])

    expect(await manager.getMany(['A', 'B'])).toEqual({ A: '1', B: '2' })
    expect(unwanted).not.toHaveBeenCalled()
  })
})

describe('require', () => {
  it('gives the value', async () => {
    expect(await managerOf([keyedProvider('a', { A: '1' })]).require('A')).toBe('1')
  })

  it('tells a missing key from one that could not be looked up', async () => {
    const broken = keyedProvider('vault')
    broken.failure = down({ detail: 'sealed', hint: 'Unseal it.' })

    const missing = await rejectionOf(managerOf([keyedProvider('env'), keyedProvider('file')]).require('A'))
    const unresolved = await rejectionOf(managerOf([keyedProvider('env'), broken]).require('A'))

    expect(SecretMissingError.isInstance(missing) && missing).toMatchObject({
      message: 'Secret "A" does not exist (asked: env, file).',
      code: 'ST_SECRETS_MISSING',
      transient: false,
      trace: { key: 'A', status: 'missing' },
    })
    expect(SecretUnresolvedError.isInstance(unresolved) && unresolved).toMatchObject({
      message: 'Secret "A" could not be looked up: vault failed (unavailable, sealed).',
      code: 'ST_SECRETS_UNRESOLVED',
      hint: 'Unseal it.',
      transient: true,
      trace: { key: 'A', status: 'unresolved' },
    })
    expect([SecretMissingError.isInstance(unresolved), SecretUnresolvedError.isInstance(missing)]).toEqual([
      false,
      false,
    ])
  })

  it('says so when nobody could have been asked', async () => {
    const off = keyedProvider('off')
    off.available = false

    const errors = await Promise.all(
      [managerOf([]), managerOf([off])].map(async manager => rejectionOf(manager.require('A'))),
    )

    expect(errors.map(error => error instanceof Error && error.message)).toEqual([
      'Secret "A" does not exist (no provider is configured).',
      'Secret "A" does not exist (no provider is configured).',
    ])
  })

  it('does not call a key missing that is there and holds no string', async () => {
    const source = documentProvider('file', {})
    const document = { values: new Map(), unusable: new Map([['A', 'array']]), locator: '/etc/app/secrets.json' }
    source.readDocument = async () => document

    const error = await rejectionOf(managerOf([source]).require('A'))

    expect(error).toMatchObject({
      kind: 'unresolved',
      hint: 'Store the value as a string, in /etc/app/secrets.json.',
      transient: false,
      trace: { steps: [{ outcome: 'failed', kind: 'invalid' }] },
    })
  })

  it('does not count a read for a key that a kept document holds no string for', async () => {
    const source = documentProvider('file', {})
    source.readDocument = async () => ({ values: new Map(), unusable: new Map([['A', 'array']]) })
    const manager = managerOf([source])

    const traces = [(await manager.resolve('A')).trace, (await manager.resolve('A')).trace]

    expect(traces.map(({ steps }) => steps[0]?.attempts)).toEqual([1, 0])
  })

  it('says in the trace why a document lacks a key', async () => {
    const source = documentProvider('vault', {})
    source.readDocument = async () => ({ values: new Map(), detail: 'deleted' })

    const error = await rejectionOf(managerOf([source]).require('A'))

    expect(error).toMatchObject({ kind: 'missing', trace: { steps: [{ outcome: 'missing', detail: 'deleted' }] } })
  })
})

describe('resolve', () => {
  it('says where the value came from and does not print it', async () => {
    using time = new FakeTime()
    const manager = managerOf([keyedProvider('env'), documentProvider('vault', { A: 'canary-77' }), keyedProvider('c')])
    await manager.get('A')
    await time.pass(60)

    const resolution = await manager.resolve('A')

    expect(resolution.trace).toEqual({
      key: 'A',
      status: 'found',
      source: 'vault',
      cache: 'hit',
      ageMs: 60_000,
      expiresInMs: 240_000,
      steps: [
        { provider: 'env', outcome: 'missing', durationMs: 0, attempts: 1 },
        { provider: 'vault', outcome: 'hit', durationMs: 0, attempts: 1, version: '1', locator: 'sample:vault' },
        { provider: 'c', outcome: 'not_reached', durationMs: 0, attempts: 0 },
      ],
    })
    expect(resolution.secret).toMatchObject({ key: 'A', source: 'vault', version: '1' })
    expect(resolution.secret?.reveal()).toBe('canary-77')
    expect(
      inspect(resolution, { depth: 20, showHidden: true }) + JSON.stringify(resolution) + String(resolution.secret),
    ).not.toContain('canary-77')
  })

  it('calls an answer kept that another key has had read', async () => {
    using time = new FakeTime()
    const manager = managerOf([documentProvider('vault', { A: '1', B: '2' })])
    const first = await manager.resolve('A')
    await time.pass(60)

    const { trace } = await manager.resolve('B')

    expect([first.trace.cache, first.trace.ageMs, first.trace.expiresInMs]).toEqual(['miss', 0, 300_000])
    expect([trace.cache, trace.ageMs, trace.expiresInMs]).toEqual(['hit', 60_000, 240_000])
    expect(trace.steps[0]).toMatchObject({ outcome: 'hit', attempts: 0 })
  })

  it('counts the age of an answer from the start of its read, and its duration from the call', async () => {
    using time = new FakeTime()
    const source = keyedProvider('slow', { A: '1' })
    const { getSecret } = source
    source.getSecret = async (key, context) => {
      await time.passMs(700)
      return getSecret(key, context)
    }

    const { trace } = await managerOf([source]).resolve('A')

    expect([trace.ageMs, trace.expiresInMs, trace.steps[0]?.durationMs]).toEqual([700, 299_300, 700])
  })

  it.each(['missing', 'unresolved'])('answers for a key that is %s without throwing', async status => {
    const source = keyedProvider('a')
    if (status === 'unresolved') source.failure = down()

    const resolution = await managerOf([source]).resolve('A')

    expect(resolution).toEqual({ status, trace: expect.objectContaining({ key: 'A', status }) })
    expect(resolution.trace.source).toBeUndefined()
  })
})

describe('getMany', () => {
  it('answers every key with one read of a document', async () => {
    const source = documentProvider('file', { A: '1', B: '2' })
    const manager = managerOf([source])

    const [cold, fresh] = [
      await manager.getMany(['A', 'B', 'C']),
      await manager.getMany(['A', 'B', 'C'], { fresh: true }),
    ]

    expect([cold, fresh]).toEqual([
      { A: '1', B: '2', C: undefined },
      { A: '1', B: '2', C: undefined },
    ])
    expect(source.reads).toEqual(['*', '*'])
  })

  it('makes one call of a provider that answers several keys', async () => {
    const source = batchProvider('aws', { A: '1', B: '2' })
    const manager = managerOf([keyedProvider('env', { A: 'env' }), source])

    const values = await manager.getMany(['A', 'B', 'C', 'D'])

    expect([values, source.reads]).toEqual([{ A: 'env', B: '2', C: undefined, D: undefined }, ['B,C,D']])
  })

  it('asks only for what is not kept, and one key alone by itself', async () => {
    const source = batchProvider('aws', { A: '1', B: '2', C: '3' })
    const manager = managerOf([source])
    const together = vi.spyOn(source, 'readSecrets')
    await manager.get('A')

    await manager.getMany(['A', 'B', 'C'])
    await manager.getMany(['A', 'B', 'C', 'D'])

    expect([source.reads, together.mock.calls.length]).toEqual([['A', 'B,C', 'D'], 1])
  })

  it('keeps the failure of one key from the others, and takes one that is left out for missing', async () => {
    const source = batchProvider('aws', { A: '1', B: down() })
    const manager = managerOf([source, keyedProvider('low', { B: 'low', C: 'low' })])

    const values = await manager.getMany(['A', 'B', 'C', 'D'])
    const statuses = await Promise.all(['B', 'D'].map(async key => manager.resolve(key)))

    expect(values).toEqual({ A: '1', B: 'low', C: 'low', D: undefined })
    expect(statuses.map(({ status, trace }) => [status, trace.steps[0]?.outcome, trace.steps[0]?.attempts])).toEqual([
      ['found', 'failed', 1],
      ['missing', 'missing', 1],
    ])
  })

  it('lets a batch that fails fall through to the next provider, once for all keys', async () => {
    const source = batchProvider('aws', {})
    source.failure = down()
    const manager = managerOf([source, keyedProvider('low', { A: 'low' })])

    const values = await manager.getMany(['A', 'B'])

    expect([values, source.reads]).toEqual([{ A: 'low', B: undefined }, ['A,B']])
  })

  it('asks for a key once that is named twice, and for none when there are none', async () => {
    const source = keyedProvider('a', { A: '1' })
    const manager = managerOf([source])

    expect([await manager.getMany(['A', 'A']), await manager.getMany([])]).toEqual([{ A: '1' }, {}])
    expect(source.reads).toEqual(['A'])
  })

  it('joins reads that are under way', async () => {
    const source = keyedProvider('a', { A: '1', B: '2' })
    const manager = managerOf([source])

    const values = await Promise.all([manager.get('A'), manager.getMany(['A', 'B']), manager.getMany(['B', 'A'])])

    expect([values, source.reads]).toEqual([
      ['1', { A: '1', B: '2' }, { B: '2', A: '1' }],
      ['A', 'B'],
    ])
  })

  it('reads a hundred keys with a signal without a warning of too many listeners', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `K${index}`)
    const manager = managerOf([keyedProvider('a'), batchProvider('b', {})])

    await manager.getMany(keys, { signal: new AbortController().signal, timeoutMs: 1000 })
    await new Promise(resolve => setImmediate(resolve))

    expect(warnings()).toEqual([])
  })
})
