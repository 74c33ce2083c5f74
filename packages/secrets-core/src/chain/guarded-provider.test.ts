import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { denied, down, rejectionOf, thrownBy } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { guardOf } from '../__fixtures__/guarded.ts'
import { keyedProvider } from '../__fixtures__/sample-provider.ts'
import { SecretError } from '../contract/secret-error.ts'
import { CircuitOpenError } from '../policy/circuit-breaker.ts'
import { DeadlineError, pause } from '../policy/deadline.ts'
import { asSecretError } from './guarded-provider.ts'

const never = async (): Promise<never> => new Promise(() => undefined)

describe('a read through the guard', () => {
  it('says when the attempt began that succeeded, and how many it took', async () => {
    using time = new FakeTime()
    const guard = guardOf(keyedProvider('a'), { retry: { retries: 2 } })
    let attempts = 0

    const reading = guard.read(async ({ signal }) => {
      attempts += 1
      await pause(100, signal)
      if (attempts === 1) throw new SecretError('throttled', 'slow down', { retryAfterMs: 500 })
      return 'answer'
    })
    await time.pass(1)

    expect(await reading).toEqual({ answer: 'answer', readAt: 600, attempts: 2 })
  })

  it('frees its place in line at the deadline, although the provider goes on', async () => {
    using time = new FakeTime()
    const guard = guardOf(keyedProvider('a'), { concurrency: 1, timeoutMs: 100 })

    const hanging = rejectionOf(guard.read(never))
    await time.passMs(50)
    const next = guard.read(async () => 'answer')
    await time.passMs(50)

    expect([await hanging, await next]).toEqual([
      expect.objectContaining({ kind: 'timeout' }),
      expect.objectContaining({ answer: 'answer' }),
    ])
  })

  it('frees its place in line when its callers leave', async () => {
    const guard = guardOf(keyedProvider('a'), { concurrency: 1 })
    const controller = new AbortController()
    const leaving = rejectionOf(guard.read(never, controller.signal))

    const next = guard.read(async () => 'answer')
    controller.abort('enough')

    expect([await leaving, (await next).answer]).toEqual(['enough', 'answer'])
  })

  it('passes the reason of its callers on as it is, and counts no failure', async () => {
    const guard = guardOf(keyedProvider('a'), { breaker: { failures: 1 } })
    const reason = down()
    const controller = new AbortController()
    const reading = rejectionOf(guard.read(never, controller.signal))

    controller.abort(reason)

    expect(await reading).toBe(reason)
    expect(guard.stats()).toMatchObject({ failures: 0, breaker: 'closed' })
  })

  it('tells a failure how many attempts are behind it: none when the breaker was open', async () => {
    using time = new FakeTime()
    const guard = guardOf(keyedProvider('a'), { retry: { retries: 1, baseMs: 0 }, breaker: { failures: 1 } })
    const fail = async (): Promise<never> => Promise.reject(down())
    const reading = rejectionOf(guard.read(fail))
    await time.passMs(10)

    const [first, second] = [await reading, await rejectionOf(guard.read(fail))]

    const attempts = [first, second].map(error => SecretError.isInstance(error) && guard.attemptsBehind(error))
    expect([attempts, guard.stats()]).toEqual([
      [2, 0],
      { provider: 'a', calls: 1, failures: 1, retries: 1, breaker: 'open' },
    ])
  })

  it('counts nothing for a read that was given up before it had its turn', async () => {
    const guard = guardOf(keyedProvider('a'), { concurrency: 1 })
    const controller = new AbortController()
    void guard.read(never)

    const waiting = rejectionOf(guard.read(never, controller.signal))
    controller.abort('enough')
    await waiting

    expect(guard.stats().calls).toBe(0)
  })
})

describe('a call that is made once', () => {
  it('is made whatever the breaker says, not repeated, and learnt nothing from', async () => {
    const guard = guardOf(keyedProvider('a'), { retry: { retries: 5 }, breaker: { failures: 1 } })
    await rejectionOf(guard.read(async () => Promise.reject(down({ transient: true, retryAfterMs: Infinity }))))
    let calls = 0

    const failure = await rejectionOf(
      guard.callOnce(async () => {
        calls += 1
        throw down()
      }),
    )
    const answer = await guard.callOnce(async () => 'answer')

    expect([failure, calls, answer, guard.stats().breaker]).toEqual([
      expect.objectContaining({ kind: 'unavailable' }),
      1,
      'answer',
      'open',
    ])
  })

  it('does not wait in line', async () => {
    const guard = guardOf(keyedProvider('a'), { concurrency: 1 })
    void guard.read(never)

    expect(await guard.callOnce(async () => 'answer')).toBe('answer')
  })
})

describe('a call without waiting', () => {
  it('is counted, and its failure is safe to show', () => {
    const guard = guardOf(keyedProvider('a'))

    const asked = guard.readSync(() => 'answer')
    const failure = thrownBy(() =>
      guard.readSync(() => {
        throw new Error('canary')
      }),
    )

    expect([asked.answer, asked.attempts, guard.stats()]).toEqual([
      'answer',
      1,
      { provider: 'a', calls: 2, failures: 1, retries: 0, breaker: 'off' },
    ])
    expect(failure).toMatchObject({ kind: 'internal', provider: 'a' })
    expect(SecretError.isInstance(failure) && guard.attemptsBehind(failure)).toBe(1)
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary')
  })
})

describe('asSecretError', () => {
  it('passes a SecretError on as it is', () => {
    const failure = denied()

    expect(asSecretError(failure, 'a')).toBe(failure)
  })

  it.each([
    ['a deadline', new DeadlineError(3000), { kind: 'timeout', transient: true }],
    ['an open circuit', new CircuitOpenError(5000), { kind: 'unavailable', transient: true }],
    ['an error of somebody else', new Error('canary'), { kind: 'internal', transient: false }],
    ['a string', 'canary', { kind: 'internal', transient: false }],
    ['nothing', undefined, { kind: 'internal', transient: false }],
    [
      'a kind that only a manager may tell: missing',
      new SecretError('missing', 'canary'),
      { kind: 'internal', transient: false },
    ],
    [
      'a kind that only a manager may tell: unresolved',
      new SecretError('unresolved', 'canary'),
      { kind: 'internal', transient: false },
    ],
  ])('says what %s is, names the provider, and repeats nothing', (_, error, told) => {
    const failure = asSecretError(error, 'vault')

    expect(failure).toMatchObject({ ...told, provider: 'vault' })
    expect(failure.message).toContain('"vault"')
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary')
  })

  it('says when an open circuit lets a read through again', () => {
    expect(asSecretError(new CircuitOpenError(5000), 'a')).toMatchObject({ detail: 'circuit_open', retryAfterMs: 5000 })
  })
})
