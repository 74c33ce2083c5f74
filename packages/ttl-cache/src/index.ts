export type { CacheEntry } from './cache-entry.ts'
export type {
  CacheEventName,
  CacheEvents,
  CacheListener,
  InvalidateEvent,
  KeyEvent,
  LoadEvent,
} from './cache-events.ts'
export type { CacheStats } from './cache-stats.ts'
export type { CachedFunction } from './cached-function.ts'
export { cacheOf } from './cached-method.ts'
export type { CachedOptions } from './cached-options.ts'
export { cached, type CachedDecorator } from './cached.ts'
export type { LoadFactory, LoadOptions } from './load-options.ts'
export type { SetOptions } from './set-options.ts'
export type { RemovalHooks, RemovalReason } from './removal-hooks.ts'
export {
  getProviderConfigCache,
  getUserPermissionCache,
  invalidateProviderCache,
  invalidateUserCache,
  providerConfigKey,
  resetGlobalCaches,
} from './shared-caches.ts'
export { TTLCache } from './ttl-cache.ts'
export type { TTLCacheOptions } from './ttl-cache-options.ts'
