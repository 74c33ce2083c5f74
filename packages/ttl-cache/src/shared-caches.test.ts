import { beforeEach, describe, expect, it } from 'vitest'
import {
  getProviderConfigCache,
  getUserPermissionCache,
  invalidateProviderCache,
  invalidateUserCache,
  providerConfigKey,
  resetGlobalCaches,
} from './shared-caches.ts'

beforeEach(() => {
  resetGlobalCaches()
})

function keysOf(cache: Iterable<[string, unknown]>): readonly string[] {
  return Array.from(cache, ([key]) => key)
}

describe('the shared caches', () => {
  it('are made once, with the documented figures', () => {
    expect(getProviderConfigCache()).toBe(getProviderConfigCache())
    expect(getUserPermissionCache()).toBe(getUserPermissionCache())
    expect(getProviderConfigCache().stats()).toMatchObject({ defaultTtl: 300, maxSize: 100 })
    expect(getUserPermissionCache().stats()).toMatchObject({ defaultTtl: 60, maxSize: 500 })
  })

  it('are new after a reset, and the former ones are disposed of', () => {
    const former = [getProviderConfigCache(), getUserPermissionCache()]
    for (const cache of former) cache.set('a', 1)

    resetGlobalCaches()

    const current = [getProviderConfigCache(), getUserPermissionCache()]
    expect(former).not.toContain(current[0])
    expect(former).not.toContain(current[1])
    expect([...former, ...current].map(({ size }) => size)).toEqual([0, 0, 0, 0])
    for (const cache of former) expect(() => cache.set('b', 1)).toThrow(TypeError)
    for (const cache of current) expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
  })
})

describe('invalidateProviderCache', () => {
  it('removes what is known of one provider and says how much', () => {
    const cache = getProviderConfigCache()
    const keys = ['provider:replicate:config', 'provider:replicate:hw', 'provider:replicate2:config', 'user:1:p']
    for (const key of keys) cache.set(key, 1)

    const count = invalidateProviderCache('replicate')

    expect(count).toBe(2)
    expect(keysOf(cache)).toEqual(['provider:replicate2:config', 'user:1:p'])
  })

  it('of the empty name leaves the others', () => {
    getProviderConfigCache().set('provider:x:config', 1)

    expect(invalidateProviderCache('')).toBe(0)
    expect(getProviderConfigCache().size).toBe(1)
  })

  it('of a leaves a:b', () => {
    const cache = getProviderConfigCache()
    for (const name of ['a', 'a:b']) cache.set(providerConfigKey(name), name)

    const count = invalidateProviderCache('a')

    expect(count).toBe(1)
    expect([...cache]).toEqual([['provider:a%3Ab:config', 'a:b']])
  })

  it('finds every name that providerConfigKey writes', () => {
    for (const name of ['replicate', 'a:b', 'a b', '100%', '密钥', '../x']) {
      getProviderConfigCache().set(providerConfigKey(name), name)

      expect(invalidateProviderCache(name)).toBe(1)
    }
  })

  it('refuses a name that is not text', () => {
    const notText: string = JSON.parse('1')

    expect(() => invalidateProviderCache(notText)).toThrow(TypeError)
    expect(() => invalidateProviderCache('\ud800')).toThrow(TypeError)
  })
})

describe('providerConfigKey', () => {
  it('is the documented key', () => {
    expect(providerConfigKey('replicate')).toBe('provider:replicate:config')
  })
})

describe('invalidateUserCache', () => {
  it.each<[string | number]>([[1], ['1']])('of %o leaves user 12', id => {
    const cache = getUserPermissionCache()
    for (const key of ['user:1:perms', 'user:1:roles', 'user:12:perms', 'user:1']) cache.set(key, 1)

    const count = invalidateUserCache(id)

    expect(count).toBe(2)
    expect(keysOf(cache)).toEqual(['user:12:perms', 'user:1'])
  })

  it('refuses what is no id', () => {
    const noId: string = JSON.parse('null')

    expect(() => invalidateUserCache(noId)).toThrow(TypeError)
  })
})
