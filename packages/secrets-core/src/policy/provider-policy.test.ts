import { describe, expect, it } from 'vitest'
import { providerRules, type ProviderPolicy } from './provider-policy.ts'

describe('providerRules', () => {
  it('has the documented defaults', () => {
    expect(providerRules(undefined, {})).toEqual({
      timeoutMs: 3000,
      retry: { retries: 2, baseMs: 100, capMs: 2000 },
      breaker: { failures: 5, openFor: 30 },
      cache: { ttl: 300, missTtl: 10, staleIfError: 3600, refreshAhead: 0, jitter: 0.1 },
      concurrency: 8,
      endsOnError: false,
    })
  })

  it('takes each member from the first policy that has it', () => {
    const own: ProviderPolicy = { timeoutMs: undefined, cache: { ttl: 60, missTtl: undefined }, retry: { retries: 1 } }
    const all: ProviderPolicy = {
      timeoutMs: 500,
      cache: { ttl: 5, missTtl: 7 },
      retry: { retries: 4, capMs: 50 },
      breaker: { failures: 2 },
      concurrency: 3,
      onError: 'fail',
    }

    expect(providerRules(own, all)).toEqual({
      timeoutMs: 500,
      retry: { retries: 1, baseMs: 100, capMs: 50 },
      breaker: { failures: 2, openFor: 30 },
      cache: { ttl: 60, missTtl: 7, staleIfError: 3600, refreshAhead: 0, jitter: 0.1 },
      concurrency: 3,
      endsOnError: true,
    })
  })

  it('takes false for none: no retry, no breaker, nothing kept', () => {
    const rules = providerRules({ retry: false, breaker: false, cache: false })

    expect([rules.retry.retries, rules.breaker, rules.cache]).toEqual([
      0,
      undefined,
      expect.objectContaining({ ttl: 0, missTtl: 0, staleIfError: 0 }),
    ])
  })

  it('lets a provider have what the manager switches off, and the reverse', () => {
    const own: ProviderPolicy = {
      retry: { retries: 1 },
      breaker: { failures: 1 },
      cache: { ttl: 5 },
      onError: 'continue',
    }
    const off: ProviderPolicy = { retry: false, breaker: false, cache: false, onError: 'fail' }

    const [on, none] = [providerRules(own, off), providerRules(off, own)]

    expect([on.retry.retries, on.breaker?.failures, on.cache.ttl, on.endsOnError]).toEqual([1, 1, 5, false])
    expect([none.retry.retries, none.breaker, none.cache.ttl, none.endsOnError]).toEqual([0, undefined, 0, true])
  })

  it.each<ProviderPolicy>([
    { timeoutMs: 0 },
    { timeoutMs: -1 },
    { timeoutMs: Number.NaN },
    { timeoutMs: Infinity },
    { concurrency: 0 },
    { retry: { retries: -1 } },
    { retry: { baseMs: -1 } },
    { retry: { capMs: Infinity } },
    { breaker: { failures: 0 } },
    { breaker: { openFor: 0 } },
    { cache: { ttl: -1 } },
    { cache: { missTtl: Number.NaN } },
    { cache: { staleIfError: -1 } },
    { cache: { refreshAhead: 1.01 } },
    { cache: { jitter: 2 } },
  ])('refuses %j, and names the option', policy => {
    const [name = ''] = JSON.stringify(policy).match(/\w+(?=":(?:-?\d|null))/) ?? []

    expect(() => providerRules(policy)).toThrow(new RangeError(`policy: "${name}" is out of its range.`))
  })

  it('refuses what is no number at all', () => {
    // Callers without types pass anything.
    const text = { timeoutMs: '3000' } as unknown as ProviderPolicy

    expect(() => providerRules(text)).toThrow(RangeError)
  })

  it('refuses any other word for onError', () => {
    // Callers without types pass anything.
    const word = { onError: 'ignore' } as unknown as ProviderPolicy

    expect(() => providerRules(word)).toThrow(new TypeError(`policy.onError must be 'continue' or 'fail'.`))
  })

  it('keeps until cleared with Infinity, and nothing with 0', () => {
    const { cache } = providerRules({ cache: { ttl: Infinity, missTtl: 0, staleIfError: Infinity, jitter: 0 } })

    expect([cache.ttl, cache.missTtl, cache.staleIfError, cache.jitter]).toEqual([Infinity, 0, Infinity, 0])
  })
})
