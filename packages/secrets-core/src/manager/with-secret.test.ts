import { describe, expect, it, vi } from 'vitest'
import { denied, down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import {
  documentProvider,
  keyedProvider,
  provenProvider,
  type SampleProvider,
} from '../__fixtures__/sample-provider.ts'
import type { SecretAttempt } from './with-secret.ts'

processWarnings()

const refusal = Object.assign(new Error('password authentication failed'), { code: '28P01' })

/** A database that lets one value in. */
class Database {
  accepts: string
  readonly logins: string[] = []

  constructor(accepts: string) {
    this.accepts = accepts
  }

  readonly login = async (value: string): Promise<string> => {
    this.logins.push(value)
    await Promise.resolve()
    if (value !== this.accepts) throw refusal
    return `in with ${value}`
  }
}

/** A source that holds the old value, of which the manager knows, and has been rotated since. */
async function rotated(
  make: (name: string, secrets: Record<string, string>) => SampleProvider = keyedProvider,
): Promise<{
  source: SampleProvider
  database: Database
  manager: ReturnType<typeof managerOf>
}> {
  const source = make('vault', { PASSWORD: 'old' })
  const manager = managerOf([source])
  await manager.get('PASSWORD')
  source.secrets['PASSWORD'] = 'new'
  source.reads.length = 0
  return { source, database: new Database('new'), manager }
}

describe('withSecret', () => {
  it('runs the callback once with the kept value, and gives what it gives', async () => {
    const source = keyedProvider('vault', { PASSWORD: 'value' })
    const manager = managerOf([source])

    const results = [
      await manager.withSecret('PASSWORD', async value => `async ${value}`),
      await manager.withSecret('PASSWORD', value => `sync ${value}`),
    ]

    expect([results, source.reads]).toEqual([['async value', 'sync value'], ['PASSWORD']])
  })

  it.each([
    ['a keyed provider', keyedProvider],
    ['a document', documentProvider],
  ])('reads the source of %s once when the value is refused, and runs again with the new one', async (_, make) => {
    const { source, database, manager } = await rotated(make)

    const result = await manager.withSecret('PASSWORD', database.login)

    expect([result, database.logins, source.reads.length]).toEqual(['in with new', ['old', 'new'], 1])
    expect([await manager.get('PASSWORD'), source.reads.length]).toEqual(['new', 1])
  })

  it('runs again with what others have read meanwhile, without reading the source once more', async () => {
    const { source, database, manager } = await rotated()

    const result = await manager.withSecret('PASSWORD', async (value, { attempt }) => {
      if (attempt === 1) await manager.get('PASSWORD', { fresh: true })
      return database.login(value)
    })

    expect([result, source.reads.length]).toEqual(['in with new', 1])
  })

  it('does not run again when nothing has changed, and throws what the callback threw', async () => {
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const database = new Database('other')

    const error = await rejectionOf(managerOf([source]).withSecret('PASSWORD', database.login))

    expect([error, database.logins, source.reads.length]).toEqual([refusal, ['old'], 2])
  })

  it('does not run a third time when the new value is refused too', async () => {
    const { database, manager } = await rotated()
    database.accepts = 'neither'

    const error = await rejectionOf(manager.withSecret('PASSWORD', database.login))

    expect([error, database.logins]).toEqual([refusal, ['old', 'new']])
  })

  it('leaves every other failure to the caller', async () => {
    const { source, manager } = await rotated()
    const failure = Object.assign(new Error('no right'), { status: 403 })

    const errors = [
      await rejectionOf(manager.withSecret('PASSWORD', async () => Promise.reject(failure))),
      await rejectionOf(
        manager.withSecret('PASSWORD', () => {
          throw failure
        }),
      ),
    ]

    expect([errors, source.reads]).toEqual([[failure, failure], []])
  })

  it('takes the word of the caller for what a refusal is', async () => {
    const { source, manager } = await rotated()
    const values: string[] = []
    const isAuthError = (error: unknown): boolean => error === 'refused'

    const error = await rejectionOf(
      manager.withSecret(
        'PASSWORD',
        async value => {
          values.push(value)
          throw values.length === 1 ? 'refused' : refusal
        },
        { isAuthError },
      ),
    )

    expect([error, values, source.reads.length]).toEqual([refusal, ['old', 'new'], 1])
  })

  it('tells the callback the attempt, the version and the signal', async () => {
    const source = provenProvider('aws', { PASSWORD: 'old' })
    source.provenance = { version: 'v1' }
    const manager = managerOf([source])
    await manager.get('PASSWORD')
    Object.assign(source, { provenance: { version: 'v2' } }).secrets['PASSWORD'] = 'new'
    const attempts: SecretAttempt[] = []
    const { signal } = new AbortController()

    await manager.withSecret(
      'PASSWORD',
      async (_, attempt) => {
        attempts.push(attempt)
        if (attempt.attempt === 1) throw refusal
      },
      { signal },
    )
    await managerOf([keyedProvider('a', { A: '1' })]).withSecret('A', (_, attempt) => attempts.push(attempt))

    expect(attempts).toEqual([
      { attempt: 1, version: 'v1', signal },
      { attempt: 2, version: 'v2', signal },
      { attempt: 1, signal: expect.any(AbortSignal) },
    ])
    expect(attempts[2]?.signal.aborted).toBe(false)
  })

  it('throws as require does, without running the callback', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down()
    const use = vi.fn<() => void>()

    const errors = [
      await rejectionOf(managerOf([keyedProvider('a')]).withSecret('A', use)),
      await rejectionOf(managerOf([broken]).withSecret('A', use)),
      await rejectionOf(managerOf([keyedProvider('a', { A: '1' })]).withSecret(['A', 'B'], use)),
    ]

    expect(errors).toMatchObject([
      { kind: 'missing', key: 'A' },
      { kind: 'unresolved', key: 'A' },
      { kind: 'missing', key: 'B' },
    ])
    expect(use).not.toHaveBeenCalled()
  })

  it.each([
    ['is down', down()],
    ['denies', denied()],
  ])('throws the refusal when the source %s', async (_, failure) => {
    const { source, database, manager } = await rotated()
    source.failure = failure

    const error = await rejectionOf(manager.withSecret('PASSWORD', database.login))

    expect([error, database.logins]).toEqual([refusal, ['old']])
  })

  it('throws the refusal when the key is gone', async () => {
    const { source, database, manager } = await rotated()
    delete source.secrets['PASSWORD']

    expect(await rejectionOf(manager.withSecret('PASSWORD', database.login))).toBe(refusal)
  })
})

describe('a hundred callers that are refused at once', () => {
  it.each([
    ['a keyed provider', keyedProvider],
    ['a document', documentProvider],
  ])('have the source of %s read once, and all succeed', async (_, make) => {
    const { source, database, manager } = await rotated(make)

    const results = await Promise.all(
      Array.from({ length: 100 }, async () => manager.withSecret('PASSWORD', database.login)),
    )

    expect([new Set(results), source.reads.length]).toEqual([new Set(['in with new']), 1])
  })

  it('one after the other have it read once too', async () => {
    const { source, database, manager } = await rotated()

    for (let caller = 0; caller < 100; caller += 1) await manager.withSecret('PASSWORD', database.login)

    expect([source.reads.length, database.logins.length]).toEqual([1, 101])
  })

  it('have it read once when nothing has changed, also those that come within 10 seconds', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const database = new Database('other')
    const manager = managerOf([source])
    await manager.get('PASSWORD')
    source.reads.length = 0

    await Promise.allSettled(Array.from({ length: 100 }, async () => manager.withSecret('PASSWORD', database.login)))
    await time.passMs(9999)
    await rejectionOf(manager.withSecret('PASSWORD', database.login))
    const before = source.reads.length
    await time.passMs(1)
    await rejectionOf(manager.withSecret('PASSWORD', database.login))

    expect([before, source.reads.length]).toEqual([1, 2])
  })

  it('make one call for user and password that rotate together', async () => {
    const source = documentProvider('vault', { USER: 'u1', PASSWORD: 'p1' })
    const manager = managerOf([source])
    await manager.getMany(['USER', 'PASSWORD'])
    Object.assign(source.secrets, { USER: 'u2', PASSWORD: 'p2' })
    const pairs: string[] = []

    await Promise.all(
      Array.from({ length: 100 }, async () =>
        manager.withSecret(['USER', 'PASSWORD'], async ({ USER, PASSWORD }) => {
          pairs.push(USER + PASSWORD)
          if (PASSWORD === 'p1') throw refusal
        }),
      ),
    )

    expect([pairs.filter(pair => pair === 'u1p1').length, pairs.filter(pair => pair === 'u2p2').length]).toEqual([
      100, 100,
    ])
    expect(source.reads).toEqual(['*', '*'])
  })
})

describe('withSecret of several keys', () => {
  it('takes all from one read of one document, whenever it changes', async () => {
    using time = new FakeTime()
    const source = documentProvider('vault', { USER: 'u0', PASSWORD: 'p0' })
    const manager = managerOf([source], { policy: { cache: { ttl: 1, jitter: 0 } } })
    const pairs: string[] = []

    for (let step = 1; step <= 20; step += 1) {
      await manager.withSecret(['USER', 'PASSWORD'], ({ USER, PASSWORD }) => void pairs.push(`${USER} ${PASSWORD}`))
      // One key is read alone, so that the two are kept for different times.
      await manager.get('USER')
      Object.assign(source.secrets, { USER: `u${step}`, PASSWORD: `p${step}` })
      await time.pass(0.7)
      await manager.get('PASSWORD')
    }

    expect(pairs.filter(pair => !/^u(\d+) p\1$/.test(pair))).toEqual([])
    expect(new Set(pairs).size).toBeGreaterThan(5)
  })

  it('runs again when one of them has changed', async () => {
    const source = keyedProvider('vault', { USER: 'u', PASSWORD: 'old' })
    const manager = managerOf([source])
    await manager.getMany(['USER', 'PASSWORD'])
    source.secrets['PASSWORD'] = 'new'

    const result = await manager.withSecret(['USER', 'PASSWORD'], async ({ USER, PASSWORD }, { attempt }) => {
      if (PASSWORD === 'old') throw refusal
      return `${USER} ${PASSWORD} ${attempt}`
    })

    expect([result, await manager.getMany(['USER', 'PASSWORD'])]).toEqual(['u new 2', { USER: 'u', PASSWORD: 'new' }])
  })

  it('hands them over by their names, whatever those are', async () => {
    const source = documentProvider('vault', JSON.parse('{"__proto__":"p","a b":"q"}'))

    const entries = await managerOf([source]).withSecret(['__proto__', 'a b'], values => Object.entries(values))

    expect(entries).toEqual([
      ['__proto__', 'p'],
      ['a b', 'q'],
    ])
  })
})

describe('waitForRotation', () => {
  it('asks twice a second until there is another value', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const database = new Database('new')
    const manager = managerOf([source])

    const login = manager.withSecret('PASSWORD', database.login, { waitForRotation: 10 })
    await time.pass(2.2)
    source.secrets['PASSWORD'] = 'new'
    await time.pass(0.5)

    expect([await login, source.reads.length, time.timers]).toEqual(['in with new', 7, 0])
  })

  it('ends with the refusal when the time is up, and does not outlast it', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const settled = vi.fn<(error: unknown) => void>()
    managerOf([source]).withSecret('PASSWORD', new Database('new').login, { waitForRotation: 3 }).catch(settled)

    await time.pass(3)

    expect(settled.mock.calls).toEqual([[refusal]])
    expect([source.reads.length, time.timers]).toEqual([7, 0])
  })

  it('goes on while the source is down', async () => {
    using time = new FakeTime()
    const { source, database, manager } = await rotated()
    source.failure = down()

    const waiting = manager.withSecret('PASSWORD', database.login, { waitForRotation: 10 })
    await time.pass(1)
    source.failure = undefined
    await time.pass(1)

    expect(await waiting).toBe('in with new')
  })

  it('makes one call at a time for any number of callers', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const database = new Database('new')
    const manager = managerOf([source])

    const waiting = Array.from({ length: 100 }, async () =>
      manager.withSecret('PASSWORD', database.login, { waitForRotation: 10 }),
    )
    await time.pass(2.2)
    source.secrets['PASSWORD'] = 'new'
    await time.pass(0.5)
    await Promise.all(waiting)

    expect(source.reads.length).toBe(7)
  })

  it('ends with the signal of its caller', async () => {
    using time = new FakeTime()
    const controller = new AbortController()
    const source = keyedProvider('vault', { PASSWORD: 'old' })
    const waiting = rejectionOf(
      managerOf([source]).withSecret('PASSWORD', new Database('new').login, {
        waitForRotation: 10,
        signal: controller.signal,
      }),
    )
    await time.pass(1)

    controller.abort('enough')

    expect([await waiting, time.timers]).toEqual(['enough', 0])
  })
})
