import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { SecretError } from '../contract/secret-error.ts'
import type { ProviderDocument } from '../contract/provider-answer.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { documentProvider, keyedProvider, writableProvider } from '../testing/sample-provider.ts'
import { getSecretsManager, setSecretsManager } from './default-manager.ts'
import { SecretMissingError, SecretUnresolvedError } from './resolution-error.ts'
import { SecretsManager } from './secrets-manager.ts'

function managerOf(providers: readonly SecretProvider[]): {
  manager: SecretsManager
  advance: (seconds: number) => void
} {
  let now = 0
  const manager = new SecretsManager({ providers, now: () => now })
  return { manager, advance: seconds => (now += seconds * 1000) }
}

const down = (): SecretError => new SecretError('unavailable', 'no answer', { provider: 'down' })

describe('get', () => {
  it('answers from the first provider that has the key', async () => {
    const [first, second, third] = [
      keyedProvider('a', { A: '1' }),
      keyedProvider('b', { A: '2', B: '2' }),
      keyedProvider('c', { B: '3', C: '3' }),
    ]
    const { manager } = managerOf([first, second, third])

    const values = [await manager.get('A'), await manager.get('B'), await manager.get('C'), await manager.get('D')]

    expect(values).toEqual(['1', '2', '3', undefined])
    expect([first.reads, second.reads, third.reads]).toEqual([
      ['A', 'B', 'C', 'D'],
      ['B', 'C', 'D'],
      ['C', 'D'],
    ])
  })

  it('takes an empty value for none', async () => {
    const { manager } = managerOf([keyedProvider('a', { A: '' }), keyedProvider('b', { A: 'b' })])

    expect(await manager.get('A')).toBe('b')
  })

  it('gives the default for a key that nobody has, without remembering it', async () => {
    const { manager } = managerOf([keyedProvider('a')])

    expect([await manager.get('E', 'one'), await manager.get('E', 'other'), await manager.get('E')]).toEqual([
      'one',
      'other',
      undefined,
    ])
  })

  it('goes on when a provider fails, and gives the default when nobody else has the key', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down()
    const { manager } = managerOf([broken, keyedProvider('b', { A: 'b' })])

    expect([await manager.get('A'), await manager.get('Z', 'default')]).toEqual(['b', 'default'])
  })

  it.each(['', 5, null, undefined])('refuses the key %j', async key => {
    const { manager } = managerOf([])

    // Callers without types pass anything.
    await expect(manager.get(key as string)).rejects.toThrow(TypeError)
  })

  it('leaves out providers that are not configured', async () => {
    const off = keyedProvider('off', { A: 'off' })
    off.available = false
    const { manager } = managerOf([off, keyedProvider('b', { A: 'b' })])

    expect(await manager.get('A')).toBe('b')
    expect(off.reads).toEqual([])
  })
})

describe('what is remembered', () => {
  it('keeps a value for 300 seconds', async () => {
    const source = keyedProvider('a', { A: '1' })
    const { manager, advance } = managerOf([source])
    await manager.get('A')
    source.secrets['A'] = '2'

    advance(299)
    const kept = await manager.get('A')
    advance(1)
    const read = await manager.get('A')

    expect([kept, read, source.reads.length]).toEqual(['1', '2', 2])
  })

  it('keeps a confirmed miss for 10 seconds', async () => {
    const source = keyedProvider('a')
    const { manager, advance } = managerOf([source])
    await manager.get('A')
    source.secrets['A'] = 'now'

    advance(9)
    const kept = await manager.get('A')
    advance(1)
    const read = await manager.get('A')

    expect([kept, read]).toEqual([undefined, 'now'])
  })

  it('does not keep a miss that rests on a provider that could not be asked', async () => {
    const source = keyedProvider('a', { A: 'there' })
    source.failure = down()
    const { manager } = managerOf([source])
    await manager.get('A')

    source.failure = undefined

    expect(await manager.get('A')).toBe('there')
  })

  it('counts the age of a document from its read, whichever key asked for it', async () => {
    const source = documentProvider('a', { A: '1', B: '1' })
    const { manager, advance } = managerOf([source])
    await manager.get('A')
    source.secrets['B'] = '2'

    advance(200)
    const kept = await manager.get('B')
    advance(100)
    const read = await manager.get('B')

    expect([kept, read, source.reads]).toEqual(['1', '2', ['*', '*']])
  })

  it('asks the sources again for a fresh read', async () => {
    const source = documentProvider('a', { A: '1' })
    const { manager } = managerOf([source])
    await manager.get('A')
    source.secrets['A'] = '2'

    const values = [await manager.get('A'), await manager.get('A', { fresh: true }), await manager.get('A')]

    expect(values).toEqual(['1', '2', '2'])
  })

  it('forgets values and documents with clearCache, and says how many keys', async () => {
    const source = documentProvider('a', { A: '1', B: '1' })
    const { manager } = managerOf([source])
    await manager.getMany(['A', 'B'])
    source.secrets['A'] = '2'

    const forgotten = manager.clearCache()

    expect([forgotten, await manager.get('A')]).toEqual([2, '2'])
  })

  it('makes one call for any number of callers, found or failed', async () => {
    const source = keyedProvider('a', { A: '1' })
    const { manager } = managerOf([source])

    await Promise.all(Array.from({ length: 1000 }, async () => manager.get('A')))
    source.failure = down()
    const failures = await Promise.allSettled(Array.from({ length: 1000 }, async () => manager.require('B')))

    expect(source.reads).toEqual(['A', 'B'])
    expect(failures.every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('ends the wait of the caller whose signal aborts, and of no other', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const slow: SecretProvider = { name: 'slow', isAvailable: () => true, getSecret: async () => promise }
    const { manager } = managerOf([slow])
    const controller = new AbortController()

    const [impatient, patient] = [manager.get('A', { signal: controller.signal }), manager.get('A')]
    controller.abort(new Error('enough'))
    await expect(impatient).rejects.toThrow('enough')
    resolve('late')

    expect(await patient).toBe('late')
  })
})

describe('require', () => {
  it('tells a missing key from one that could not be looked up', async () => {
    const broken = keyedProvider('vault')
    broken.failure = new SecretError('unavailable', 'sealed', { detail: 'sealed', hint: 'Unseal it.' })

    const missing = await managerOf([keyedProvider('env'), keyedProvider('file')])
      .manager.require('A')
      .catch((error: unknown) => error)
    const unresolved = await managerOf([keyedProvider('env'), broken])
      .manager.require('A')
      .catch((error: unknown) => error)

    expect(SecretMissingError.isInstance(missing) && missing.message).toBe(
      'Secret "A" does not exist (asked: env, file).',
    )
    expect(SecretUnresolvedError.isInstance(unresolved) && unresolved).toMatchObject({
      message: 'Secret "A" could not be looked up: vault failed (unavailable, sealed).',
      code: 'ST_SECRETS_UNRESOLVED',
      hint: 'Unseal it.',
      transient: true,
    })
  })

  it('does not call a key missing that is there and holds no string', async () => {
    const source: SecretProvider = {
      ...documentProvider('file', {}),
      readDocument: async () => ({ values: new Map(), unusable: new Map([['A', 'array']]) }),
    }

    await expect(managerOf([source]).manager.require('A')).rejects.toMatchObject({
      kind: 'unresolved',
      hint: 'Store the value as a string.',
    })
  })
})

describe('a provider that breaks its contract', () => {
  const secret = 'canary-5f1c9d'
  it.each([
    ['throws a string', () => Promise.reject(secret)],
    ['throws an error that quotes the value', () => Promise.reject(new Error(`bad ${secret}`))],
    ['answers a number', async () => 5],
    ['answers bytes', async () => Buffer.from(secret)],
    [
      'throws before it returns a promise',
      () => {
        throw new Error(secret)
      },
    ],
  ])('is contained when it %s', async (_, getSecret) => {
    // These providers are wrong on purpose.
    const wrong = { name: 'wrong', isAvailable: () => true, getSecret } as unknown as SecretProvider
    const { manager } = managerOf([wrong, keyedProvider('good', { A: 'good' })])

    const value = await manager.get('A')
    const error: unknown = await manager.require('B').catch((reason: unknown) => reason)

    expect(value).toBe('good')
    expect(error).toMatchObject({
      kind: 'unresolved',
      trace: { steps: [{ outcome: 'failed', kind: 'internal' }, { outcome: 'missing' }] },
    })
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain(secret)
  })

  it('is given up at the deadline when it never answers, and told to stop', async () => {
    vi.useFakeTimers()
    let stop: AbortSignal | undefined
    const hanging: SecretProvider = {
      name: 'hanging',
      isAvailable: () => true,
      getSecret: async (_, { signal }) => {
        stop = signal
        return new Promise(() => undefined)
      },
    }

    const value = managerOf([hanging, keyedProvider('b', { A: 'b' })]).manager.get('A')
    await vi.advanceTimersByTimeAsync(3000)
    vi.useRealTimers()

    expect(await value).toBe('b')
    expect(stop?.aborted).toBe(true)
  })
})

describe('the time for one key', () => {
  it('ends after 8 seconds, however many providers hang', async () => {
    vi.useFakeTimers()
    const hanging = (name: string): SecretProvider => ({
      name,
      isAvailable: () => true,
      getSecret: async () => new Promise(() => undefined),
    })
    const manager = new SecretsManager({ providers: ['a', 'b', 'c', 'd'].map(hanging) })

    const resolution = manager.resolve('A')
    await vi.advanceTimersByTimeAsync(8000)
    vi.useRealTimers()

    const { trace } = await resolution
    expect(trace.steps.map(({ kind, durationMs }) => [kind, durationMs])).toEqual([
      ['timeout', 3000],
      ['timeout', 3000],
      ['timeout', 2000],
      ['timeout', 0],
    ])
  })
})

describe('what is loading when it is forgotten', () => {
  it.each([
    ['clearCache', (manager: SecretsManager) => Promise.resolve(manager.clearCache())],
    ['clearCache of the key', (manager: SecretsManager) => Promise.resolve(manager.clearCache('A'))],
    ['setSecret', (manager: SecretsManager) => manager.setSecret('A', 'new')],
    ['deleteSecret', (manager: SecretsManager) => manager.deleteSecret('A')],
  ])('by %s is handed out and not kept', async (_, forget) => {
    const first = Promise.withResolvers<string>()
    const values: Promise<string>[] = [first.promise, Promise.resolve('new')]
    const source: SecretProvider = { ...writableProvider('file'), getSecret: async () => values.shift() }
    const { manager } = managerOf([source])

    const early = manager.get('A')
    await forget(manager)
    const late = manager.get('A')
    first.resolve('old')

    expect([await early, await late, await manager.get('A')]).toEqual(['old', 'new', 'new'])
  })

  it('is not kept as a document either', async () => {
    const first = Promise.withResolvers<ProviderDocument>()
    const known: unknown[] = []
    const source: SecretProvider = {
      ...keyedProvider('file'),
      readDocument: async lookup => {
        known.push(lookup.known)
        return known.length === 1 ? first.promise : { values: new Map([['A', 'new']]) }
      },
    }
    const { manager } = managerOf([source])

    const early = manager.get('A')
    manager.clearCache()
    first.resolve({ values: new Map([['A', 'old']]) })

    expect([await early, await manager.get('A'), known]).toEqual(['old', 'new', [undefined, undefined]])
  })
})

it('concurrent fresh reads of one key share one request', async () => {
  const source = keyedProvider('a', { A: '1' })
  const { manager } = managerOf([source])
  await manager.get('A')

  await Promise.all(Array.from({ length: 100 }, async () => manager.get('A', { fresh: true })))

  expect(source.reads).toEqual(['A', 'A'])
})

describe('getSync', () => {
  it('answers from providers that need no waiting and from what is kept', async () => {
    const { manager } = managerOf([writableProvider('env', { A: 'env' }), keyedProvider('aws', { B: 'aws' })])

    await manager.get('B')

    expect([manager.getSync('A'), manager.getSync('B')]).toEqual(['env', 'aws'])
  })

  it('says so when the answer is with a provider that needs waiting', () => {
    const { manager } = managerOf([writableProvider('env'), keyedProvider('aws', { A: 'aws' })])

    expect(() => manager.getSync('A', 'default')).toThrow(
      expect.objectContaining({
        message: 'Secret "A" could not be looked up: aws answers only asynchronously.',
        trace: expect.objectContaining({ status: 'unresolved' }),
      }),
    )
  })

  it('does not let a lower provider win over one that needs waiting', () => {
    const { manager } = managerOf([keyedProvider('aws', { A: 'aws' }), writableProvider('low', { A: 'low' })])

    expect(() => manager.getSync('A')).toThrow(expect.objectContaining({ kind: 'unresolved', key: 'A' }))
  })

  it('does not lengthen the life of what is kept', async () => {
    const source = writableProvider('env', { A: '1' })
    const { manager, advance } = managerOf([source])
    manager.getSync('A')
    source.secrets['A'] = '2'

    advance(200)
    manager.getSync('A')
    advance(100)

    expect(manager.getSync('A')).toBe('2')
  })
})

describe('getMany', () => {
  it('answers every key with one read of a document', async () => {
    const source = documentProvider('file', { A: '1', B: '2' })
    const { manager } = managerOf([source])

    const values = await manager.getMany(['A', 'B', 'C'], { fresh: true })

    expect(values).toEqual({ A: '1', B: '2', C: undefined })
    expect(source.reads).toEqual(['*'])
  })
})

describe('resolve', () => {
  it('says where the value came from and does not print it', async () => {
    const { manager, advance } = managerOf([keyedProvider('env'), documentProvider('vault', { A: 'canary-77' })])
    await manager.get('A')
    advance(60)

    const resolution = await manager.resolve('A')

    expect(resolution.trace).toEqual({
      key: 'A',
      status: 'found',
      source: 'vault',
      cache: 'hit',
      ageMs: 60_000,
      expiresInMs: 240_000,
      steps: [
        { provider: 'env', outcome: 'missing', durationMs: 0 },
        { provider: 'vault', outcome: 'hit', durationMs: 0, version: '1', locator: 'sample:vault' },
      ],
    })
    expect(resolution.secret?.reveal()).toBe('canary-77')
    expect(
      inspect(resolution, { depth: 20, showHidden: true }) + JSON.stringify(resolution) + String(resolution.secret),
    ).not.toContain('canary-77')
  })

  it('counts the age of an answer from the read of its document', async () => {
    const { manager, advance } = managerOf([documentProvider('vault', { A: '1', B: '2' })])
    await manager.get('A')
    advance(60)

    const { trace } = await manager.resolve('B')
    advance(60)
    const later = (await manager.resolve('B')).trace

    expect([trace.cache, trace.ageMs, trace.expiresInMs]).toEqual(['miss', 60_000, 240_000])
    expect([later.cache, later.ageMs, later.expiresInMs]).toEqual(['hit', 120_000, 180_000])
  })

  it('numbers a second provider of a name', async () => {
    const { manager } = managerOf([keyedProvider('file'), keyedProvider('file', { A: 'x' })])

    const { trace } = await manager.resolve('A')

    expect([trace.source, trace.cache]).toEqual(['file-2', 'miss'])
  })
})

describe('explain and list', () => {
  it('names the providers that are shadowed, and whether their value differs', async () => {
    const providers = [
      keyedProvider('env', { A: 'x' }),
      keyedProvider('file', { A: 'x' }),
      keyedProvider('aws'),
      keyedProvider('vault', { A: 'y' }),
    ]

    const explanation = await managerOf(providers).manager.explain('A')

    expect(explanation).toMatchObject({
      status: 'found',
      source: 'env',
      shadowed: [
        { provider: 'file', sameValue: true },
        { provider: 'vault', sameValue: false },
      ],
    })
  })

  it('lists what the providers hold and what the caller includes, reading each document once', async () => {
    const file = documentProvider('file', { B: '1', A: '2' })
    const { manager } = managerOf([keyedProvider('env', { A: 'env', HF_TOKEN: 'hf' }), file])

    const { keys, failed } = await manager.list({ include: ['HF_TOKEN', 'NOBODY'], fresh: true })

    expect(keys.map(({ key, status, source, shadowed }) => ({ key, status, source, shadowed }))).toEqual([
      { key: 'A', status: 'found', source: 'env', shadowed: [{ provider: 'file', sameValue: false }] },
      { key: 'B', status: 'found', source: 'file', shadowed: [] },
      { key: 'HF_TOKEN', status: 'found', source: 'env', shadowed: [] },
      { key: 'NOBODY', status: 'missing', source: undefined, shadowed: [] },
    ])
    expect([failed, file.reads]).toEqual([[], ['*']])
  })

  it('asks a source that is down once, names it, and calls no key missing on its word', async () => {
    const vault = documentProvider('vault', {})
    vault.failure = down()
    const { manager } = managerOf([keyedProvider('env', { A: '1' }), vault])

    const { keys, failed } = await manager.list({ include: ['A', 'B'], prefix: '' })

    expect(keys.map(({ key, status }) => [key, status])).toEqual([
      ['A', 'found'],
      ['B', 'unresolved'],
    ])
    expect(failed).toEqual([{ provider: 'vault', kind: 'unavailable', message: 'no answer' }])
    expect(vault.reads).toEqual(['*'])
  })
})

describe('writing', () => {
  it('stores in the first provider that can write, and leaves the priority as it is', async () => {
    const [env, file] = [keyedProvider('env', { A: 'env' }), writableProvider('file')]
    const { manager } = managerOf([env, file])
    await manager.getMany(['A', 'B'])

    const stored = [await manager.setSecret('A', 'new'), await manager.setSecret('B', 'new')]

    expect(stored).toEqual([true, true])
    expect([await manager.get('A'), await manager.get('B'), file.secrets['A']]).toEqual(['env', 'new', 'new'])
  })

  it('deletes, and answers from a lower provider afterwards', async () => {
    const { manager } = managerOf([writableProvider('file', { A: 'file' }), keyedProvider('vault', { A: 'vault' })])
    await manager.get('A')

    const deleted = await manager.deleteSecret('A')

    expect([deleted, await manager.get('A')]).toEqual([true, 'vault'])
  })

  it('refuses when no provider can write, and changes no list', async () => {
    const providers = [keyedProvider('m0'), keyedProvider('m1')]
    const { manager } = managerOf(providers)

    await expect(manager.setSecret('K', 'v')).rejects.toMatchObject({ kind: 'unsupported', key: 'K' })
    expect([manager.providers, await manager.deleteSecret('K')]).toEqual([providers, false])
  })

  it('writes to the provider that is named', async () => {
    const [first, second] = [writableProvider('file'), writableProvider('file')]

    await managerOf([first, second]).manager.setSecret('A', '1', { provider: 'file-2' })

    expect([first.secrets, second.secrets]).toEqual([{}, { A: '1' }])
  })

  it('says so when the provider that is named cannot write', async () => {
    const { manager } = managerOf([keyedProvider('aws'), writableProvider('file')])

    await expect(manager.setSecret('K', 'v', { provider: 'aws' })).rejects.toThrow(
      'This manager has no provider "aws" that can store secrets; "K" was not stored.',
    )
  })

  it('refuses a value that is no string', async () => {
    const { manager } = managerOf([writableProvider('file')])

    // Callers without types pass anything.
    await expect(manager.setSecret('A', 5 as unknown as string)).rejects.toThrow('The value of "A" must be a string.')
  })
})

describe('life of a manager', () => {
  it('closes its providers once, and refuses reads afterwards', async () => {
    const close = vi.fn<() => Promise<void>>(async () => undefined)
    const { manager } = managerOf([{ ...keyedProvider('a', { A: '1' }), close }])
    await manager.get('A')

    await manager.close()
    await manager[Symbol.asyncDispose]()

    await expect(manager.get('A')).rejects.toMatchObject({ code: 'ST_SECRETS_CLOSED' })
    expect(() => manager.getSync('A')).toThrow('closed')
    expect(close).toHaveBeenCalledOnce()
  })

  it('closes in time although a provider never does', async () => {
    vi.useFakeTimers()
    const { manager } = managerOf([{ ...keyedProvider('a'), close: async () => new Promise(() => undefined) }])

    const closing = manager.close()
    await vi.advanceTimersByTimeAsync(8000)
    vi.useRealTimers()

    await expect(closing).resolves.toBeUndefined()
  })

  it('copies the list of providers', () => {
    const providers = [keyedProvider('a')]
    const { manager } = managerOf(providers)

    providers.push(keyedProvider('b'))

    expect(manager.providers).toHaveLength(1)
  })

  it('takes providers or config, not both', () => {
    expect(() => new SecretsManager({ providers: [], config: {} })).toThrow('either "providers" or "config"')
  })

  it.each(['timeoutMs', 'providerTimeoutMs', 'maxEntries'])('refuses a %s that is no number above 0', name => {
    expect(() => new SecretsManager({ providers: [], [name]: Number.NaN })).toThrow(RangeError)
  })
})

describe('the process-wide manager', () => {
  it('is the one that was set, until it is reset', async () => {
    const mine = new SecretsManager({ providers: [keyedProvider('a', { A: 'mine' })] })

    const before = setSecretsManager(mine)
    const value = await getSecretsManager().get('A')
    await SecretsManager.reset()

    expect([before, value]).toEqual([undefined, 'mine'])
    expect(getSecretsManager()).not.toBe(mine)
    expect(getSecretsManager()).toBe(getSecretsManager())
    await expect(mine.get('A')).rejects.toMatchObject({ kind: 'closed' })
    await SecretsManager.reset()
  })
})
