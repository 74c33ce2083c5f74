import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { keyedProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import { uncaughtFailures } from '../__fixtures__/uncaught-failures.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import type { SecretsManager } from './secrets-manager.ts'

const warnings = processWarnings()

const canary = 'canary-5f1c9d'

/** A provider that does one thing wrong. */
function wrongProvider(wrong: Record<string, unknown>): SecretProvider {
  return { ...keyedProvider('wrong'), ...wrong }
}

/** All that a manager with this provider shows, and what the provider below it answers. */
async function contain(provider: SecretProvider): Promise<{ value: unknown; error: unknown; shown: string }> {
  const manager = managerOf([provider, keyedProvider('good', { A: 'good' })])
  const value = await manager.get('A')
  const error: unknown = await manager.require('B').catch((reason: unknown) => reason)
  const rest = [error, await manager.explain('B'), await manager.list({ include: ['A'] }), manager.stats(), warnings()]
  return { value, error, shown: inspect(rest, { depth: 20, showHidden: true }) + JSON.stringify(rest) }
}

/** What `await` takes for a promise although it is none. */
function thenable(value: unknown): object {
  // oxlint-disable-next-line unicorn/no-thenable -- that is the sample
  return { then: (resolve: (value: unknown) => void) => resolve(value) }
}

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown
  }
}

type Named<T> = readonly [name: string, wrong: T]

const rubbish: readonly Named<unknown>[] = [
  ['a number', 5],
  ['null', null],
  ['true', true],
  ['a Symbol', Symbol(canary)],
  ['a BigInt', 5n],
  ['bytes', Buffer.from(canary)],
  ['an array', [canary]],
  ['an object', { canary }],
  ['a String object', Object(canary)],
  ['a function', () => canary],
  ['a Map', new Map([['A', canary]])],
  ['an Error', new Error(canary)],
]

describe('getSecret that is wrong is contained, and typed as internal', () => {
  it.each<Named<() => unknown>>([
    ['throws a string', async () => Promise.reject(canary)],
    ['throws undefined', async () => Promise.reject(undefined)],
    ['throws an error that quotes the value', async () => Promise.reject(new Error(`bad ${canary}`))],
    ['throws before it returns a promise', throwing(new Error(canary))],
    ['throws a string before it returns a promise', throwing(canary)],
    ['throws something that cannot be looked at', throwing(revokedProxy())],
    ...rubbish.map(([name, answer]) => [`answers ${name}`, async () => answer] as const),
  ])('when it %s', async (_, getSecret) => {
    const { value, error, shown } = await contain(wrongProvider({ getSecret }))

    expect(value).toBe('good')
    expect(error).toMatchObject({
      kind: 'unresolved',
      transient: false,
      trace: { steps: [{ provider: 'wrong', outcome: 'failed', kind: 'internal' }, { outcome: 'missing' }] },
    })
    expect(shown).not.toContain(canary)
  })

  it.each([
    ['no promise', () => canary],
    ['a promise of a promise', async () => Promise.resolve(Promise.resolve(canary))],
    ['a thenable', () => thenable(canary)],
    ['a huge string', async () => canary.repeat(100_000)],
  ])('but takes a string for what it is when it comes as %s', async (_, getSecret) => {
    expect(await managerOf([wrongProvider({ getSecret })]).get('A')).toMatch(canary)
  })

  it('when it never settles, at the deadline', async () => {
    using time = new FakeTime()
    const containing = contain(wrongProvider({ getSecret: async () => new Promise(() => undefined) }))

    await time.pass(12)
    const { value, error } = await containing

    expect([value, error]).toEqual(['good', expect.objectContaining({ kind: 'unresolved' })])
  })
})

describe('readSecret that is wrong is contained', () => {
  it.each<Named<unknown>>([
    ...rubbish.filter(([name]) => name !== 'a String object'),
    ['no value', {}],
    ['a value that is no string', { value: 5 }],
    ['a value that is bytes', { value: Buffer.from(canary) }],
    ['a version that is no string', { value: canary, version: 5 }],
    ['a locator that is no string', { value: canary, locator: { canary } }],
    ['a ttl that is no number', { value: canary, ttl: canary }],
    ['a ttl below 0', { value: canary, ttl: -1 }],
    ['a ttl that is NaN', { value: canary, ttl: Number.NaN }],
    [
      'a member that throws',
      {
        get value() {
          throw new Error(canary)
        },
      },
    ],
  ])('when it answers %s', async (_, answer) => {
    const { value, error, shown } = await contain(wrongProvider({ readSecret: async () => answer }))

    expect(value).toBe('good')
    expect(error).toMatchObject({ trace: { steps: [{ kind: 'internal' }, { outcome: 'missing' }] } })
    expect(shown).not.toContain(canary)
  })

  it('when the class of its answer hides what is wrong with it', async () => {
    class Answer {
      readonly value: string = 'value'
      get version(): unknown {
        return { canary }
      }
    }

    const { value, shown } = await contain(wrongProvider({ readSecret: async () => new Answer() }))

    expect(value).toBe('good')
    expect(shown).not.toContain(canary)
  })
})

describe('readDocument that is wrong is contained', () => {
  it.each<Named<unknown>>([
    ...rubbish,
    ['an object for its values', { values: { A: canary } }],
    [
      'values that are no strings',
      {
        values: new Map<string, unknown>([
          ['A', canary],
          ['B', 5],
        ]),
      },
    ],
    ['keys that are no strings', { values: new Map<unknown, string>([[5, canary]]) }],
    ['reasons that are no strings', { values: new Map(), unusable: new Map([['A', { canary }]]) }],
    ['a detail that is no string', { values: new Map(), detail: { canary } }],
    ['a version that is no string', { values: new Map(), version: null }],
  ])('when it answers %s', async (_, answer) => {
    const { value, error, shown } = await contain(wrongProvider({ readDocument: async () => answer }))

    expect(value).toBe('good')
    expect(error).toMatchObject({ trace: { steps: [{ kind: 'internal' }, { outcome: 'missing' }] } })
    expect(shown).not.toContain(canary)
  })
})

describe('readSecrets that is wrong', () => {
  it.each<Named<unknown>>([...rubbish.filter(([name]) => name !== 'a Map'), ['an object', { A: { value: canary } }]])(
    'is contained when it answers %s',
    async (_, answer) => {
      const manager = managerOf([
        wrongProvider({ readSecrets: async () => answer }),
        keyedProvider('good', { A: 'good', B: 'good' }),
      ])

      expect(await manager.getMany(['A', 'B'])).toEqual({ A: 'good', B: 'good' })
    },
  )

  it.each([
    ['a number', 5],
    ['null', null],
    ['a secret without a value', {}],
    ['a string', canary],
  ])('loses only the key for which it answers %s', async (_, answer) => {
    const answers = new Map<string, unknown>([
      ['A', { value: 'a' }],
      ['B', answer],
      ['other', { value: 'not asked for' }],
    ])
    const manager = managerOf([
      wrongProvider({ readSecrets: async () => answers }),
      keyedProvider('good', { A: 'good', B: 'good' }),
    ])

    expect(await manager.getMany(['A', 'B', 'C'])).toEqual({ A: 'a', B: 'good', C: undefined })
  })
})

describe('a synchronous read that is wrong is contained', () => {
  it.each<Named<() => unknown>>([
    ['throws an error that quotes the value', throwing(new Error(canary))],
    ['throws a string', throwing(canary)],
    ...rubbish.map(([name, answer]) => [`answers ${name}`, () => answer] as const),
    ['answers a promise', async () => canary],
  ])('when it %s', (_, read) => {
    for (const method of ['getSecretSync', 'readDocumentSync']) {
      const manager = managerOf([wrongProvider({ [method]: read }), writableProvider('good', { A: 'good' })])

      expect([manager.getSync('A'), manager.getSync('B', 'default')]).toEqual(['good', 'default'])
    }
    expect(inspect(warnings(), { depth: 5 })).not.toContain(canary)
  })

  it('when it answers a promise that rejects', async () => {
    const reject = async (): Promise<never> => Promise.reject(new Error(canary))
    const manager = managerOf([wrongProvider({ getSecretSync: reject, readDocumentSync: reject })])

    const failures = await uncaughtFailures(() => manager.getSync('A', 'default'))

    expect(failures).toEqual([])
  })
})

describe('isAvailable that is wrong', () => {
  it('does not hide what the provider holds when it throws', async () => {
    const manager = managerOf([{ ...keyedProvider('a', { A: '1' }), isAvailable: throwing(new Error(canary)) }])

    expect([await manager.get('A'), manager.stats().providers.length]).toEqual(['1', 1])
  })
})

describe('accepts that throws', () => {
  it('does not hide what the provider holds', async () => {
    const manager = managerOf([{ provider: keyedProvider('a', { A: '1' }), accepts: throwing(new Error(canary)) }])

    expect(await manager.get('A')).toBe('1')
  })
})

describe('attach that is wrong', () => {
  it.each([
    ['throws', throwing(new Error(canary))],
    ['returns a promise that rejects', async () => Promise.reject(new Error(canary))],
  ])('does not disturb the manager when it %s', async (_, attach) => {
    let manager: SecretsManager | undefined

    const failures = await uncaughtFailures(() => {
      manager = managerOf([wrongProvider({ attach }), keyedProvider('good', { A: 'good' })])
    })

    expect([failures, await manager?.get('A')]).toEqual([[], 'good'])
  })
})

describe('a description that is wrong', () => {
  it.each([
    ['throws', throwing(new Error(canary))],
    ['answers undefined', () => undefined],
    ['answers null', () => null],
    ['names a path that is no string', () => ({ filePath: 5 })],
  ])('does not hide the path of another provider when it %s', (_, describeIt) => {
    const manager = managerOf([
      wrongProvider({ describe: describeIt }),
      { ...keyedProvider('file'), describe: () => ({ filePath: 'secrets.json' }) },
    ])

    expect(manager.getSecretsFilePath()).toBe('secrets.json')
  })
})

describe('close that is wrong', () => {
  it.each([
    ['throws', throwing(new Error(canary))],
    ['rejects', async () => Promise.reject(canary)],
    ['answers rubbish', () => 5],
  ])('keeps no other provider from being closed when it %s', async (_, close) => {
    const closed: string[] = []
    const good = { ...keyedProvider('good'), close: async () => void closed.push('good') }
    const manager = managerOf([wrongProvider({ close }), good])

    const failures = await uncaughtFailures(async () => manager.close())

    expect([failures, closed]).toEqual([[], ['good']])
  })
})

describe('listKeys that is wrong', () => {
  it.each([
    ['throws', throwing(new Error(canary))],
    ['answers a number', () => 5],
    ['answers a promise of an array', async () => ['A']],
    [
      'throws in the middle',
      async function* listKeys() {
        yield 'A'
        throw new Error(canary)
      },
    ],
    [
      'names a key that is no string',
      async function* listKeys() {
        yield 'A'
        yield 5
      },
    ],
  ])('is a failure of its provider when it %s, and the others are listed', async (_, listKeys) => {
    const manager = managerOf([wrongProvider({ listKeys }), { ...keyedProvider('good', { G: '1' }), listKeys: listG }])

    const { keys, failed } = await manager.list()

    expect(keys.map(({ key }) => key)).toEqual(['G'])
    expect(failed).toEqual([expect.objectContaining({ provider: 'wrong', kind: 'internal' })])
    expect(JSON.stringify(failed)).not.toContain(canary)
  })

  it('is given up at the deadline when it never ends, and told to end', async () => {
    using time = new FakeTime()
    let isEnded = false
    const manager = managerOf([
      wrongProvider({
        listKeys: async function* endless() {
          try {
            for (let index = 0; ; index += 1) {
              await new Promise(resolve => setTimeout(resolve, 100))
              yield `K${index}`
            }
          } finally {
            isEnded = true
          }
        },
      }),
      { ...keyedProvider('good', { G: '1' }), listKeys: listG },
    ])

    const listing = manager.list()
    await time.pass(3)
    const { keys, failed } = await listing
    await time.pass(1)

    expect([keys.map(({ key }) => key), failed.map(({ kind }) => kind)]).toEqual([['G'], ['timeout']])
    expect(isEnded).toBe(true)
  })

  it('is given up when it names one key after the other without ever waiting', async () => {
    let yielded = 0
    const manager = managerOf([
      wrongProvider({
        listKeys: async function* endless() {
          // Not quite endless, so that this test ends if nobody stops it.
          while (yielded < 500_000) yield `K${(yielded += 1)}`
        },
      }),
      { ...keyedProvider('good', { G: '1' }), listKeys: listG },
    ])

    const { keys, failed } = await manager.list({ prefix: 'G' })

    expect([keys.map(({ key }) => key), failed.map(({ provider }) => provider)]).toEqual([['G'], ['wrong']])
    expect(yielded).toBeLessThan(500_000)
  })
})

async function* listG(): AsyncIterable<string> {
  yield 'G'
}

describe('a write that is wrong', () => {
  it.each([
    ['throws a string', throwing(canary), 'internal'],
    ['throws an error that quotes the value', throwing(new Error(canary)), 'internal'],
    ['rejects with nothing', async () => Promise.reject(undefined), 'internal'],
  ])('is typed when it %s', async (_, write, kind) => {
    const manager = managerOf([wrongProvider({ setSecret: write, deleteSecret: write })])

    const errors = await Promise.all([manager.setSecret('A', canary), manager.deleteSecret('A')].map(rejectionOf))

    expect(errors).toEqual(errors.map(() => expect.objectContaining({ kind, provider: 'wrong' })))
    expect(inspect(errors, { depth: 20, showHidden: true })).not.toContain(canary)
  })

  it('is given up at the deadline when it never settles', async () => {
    using time = new FakeTime()
    const never = async (): Promise<never> => new Promise(() => undefined)
    const manager = managerOf([wrongProvider({ setSecret: never, deleteSecret: never })])

    const errors = [manager.setSecret('A', canary), manager.deleteSecret('A')].map(rejectionOf)
    await time.pass(3)

    expect(await Promise.all(errors)).toEqual(errors.map(() => expect.objectContaining({ kind: 'timeout' })))
  })

  it.each([undefined, 'yes', 1, null])('has not removed the key when deleteSecret answers %j', async answer => {
    const manager = managerOf([wrongProvider({ deleteSecret: async () => answer })])

    expect(await manager.deleteSecret('A')).toBe(false)
  })
})

describe('checkHealth that is wrong', () => {
  it.each([
    ['throws', throwing(new Error(canary))],
    ['rejects with a string', async () => Promise.reject(canary)],
    ['answers a number', async () => 5],
    ['answers null', async () => null],
    ['answers no findings', async () => ({ status: 'ready' })],
    ['answers a status of its own', async () => ({ status: canary, findings: [] })],
    ['answers a finding that is none', async () => ({ status: 'ready', findings: [null] })],
    ['answers a finding without a message', async () => ({ status: 'ready', findings: [{ id: canary }] })],
    ['answers a severity of its own', async () => ({ status: 'ready', findings: [{ ...finding, severity: canary }] })],
  ])('is the status failed when it %s', async (_, checkHealth) => {
    const manager = managerOf([wrongProvider({ checkHealth }), keyedProvider('good')])

    const health = await manager.checkHealth()

    expect(health).toMatchObject([
      {
        provider: 'wrong',
        status: 'failed',
        kind: 'internal',
        findings: [{ id: 'provider.internal', severity: 'error' }],
      },
      { provider: 'good', status: 'ready', findings: [] },
    ])
    expect(inspect(health, { depth: 20 })).not.toContain(canary)
  })
})

const finding = { id: 'a', severity: 'info', message: 'b' } as const

/** An object of which everything that one can ask throws. */
function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
