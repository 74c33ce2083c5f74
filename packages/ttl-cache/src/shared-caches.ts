import { TTLCache } from './ttl-cache.ts'

let providerConfigs: TTLCache<unknown> | undefined
let userPermissions: TTLCache<unknown> | undefined

/**
 * The cache for provider settings, webhook URLs and cost limits: 300 seconds, 100 entries (R72).
 *
 * Made on the first call; one for all callers of this thread.
 */
export function getProviderConfigCache(): TTLCache<unknown> {
  providerConfigs ??= new TTLCache({ defaultTtl: 300, maxSize: 100 })
  return providerConfigs
}

/**
 * The cache for the permissions of users: 60 seconds, 500 entries (R72).
 *
 * Made on the first call; one for all callers of this thread.
 */
export function getUserPermissionCache(): TTLCache<unknown> {
  userPermissions ??= new TTLCache({ defaultTtl: 60, maxSize: 500 })
  return userPermissions
}

/**
 * The key of a provider's settings: `provider:{name}:config` (R76), as {@link invalidateProviderCache} removes it.
 *
 * The name is percent-encoded, so that the keys of `a` and of `a:b` have no prefix in common.
 *
 * @throws TypeError when the name is not well-formed text.
 */
export function providerConfigKey(name: string): string {
  return `${providerPrefix(name)}config`
}

/**
 * Removes everything about one provider from {@link getProviderConfigCache}: the keys `provider:{name}:…`.
 *
 * @param name - Percent-encoded like in {@link providerConfigKey}.
 * @returns How many entries were removed.
 * @throws TypeError when the name is not well-formed text.
 */
export function invalidateProviderCache(name: string): number {
  return getProviderConfigCache().invalidatePrefix(providerPrefix(name))
}

/**
 * Removes everything about one user from {@link getUserPermissionCache}: the keys `user:{id}:…`.
 *
 * @param userId - Written into the prefix as it is.
 * @returns How many entries were removed.
 */
export function invalidateUserCache(userId: string | number): number {
  if (typeof userId !== 'string' && typeof userId !== 'number') {
    throw new TypeError(`A user id must be a string or a number, not ${typeof userId}`)
  }
  return getUserPermissionCache().invalidatePrefix(`user:${userId}:`)
}

/**
 * Starts the two shared caches anew, empty and with counters at zero, as a test wants it.
 *
 * Whoever still holds one of the former caches finds it disposed of: it is empty, and using it throws a TypeError.
 */
export function resetGlobalCaches(): void {
  providerConfigs?.dispose()
  userPermissions?.dispose()
  providerConfigs = undefined
  userPermissions = undefined
}

function providerPrefix(name: string): string {
  if (typeof name !== 'string') throw new TypeError(`A provider name must be a string, not ${typeof name}`)
  if (!name.isWellFormed()) throw new TypeError('A provider name must be well-formed text, without lone surrogates')
  return `provider:${encodeURIComponent(name)}:`
}
