import { clearHardwareInfoCache } from '@st/hardware-info'
import { getProviderConfigCache, getUserPermissionCache, invalidateUserCache } from '@st/ttl-cache'
import { forgetProvider } from './provider-configs/provider-configs.ts'
import type { Invalidations } from './database/invalidations.ts'

/** Forgets in this instance's shared caches what other instances have changed. Returns a function that ends it. */
export function followInvalidations(invalidations: Invalidations): () => void {
  return invalidations.subscribe(what => {
    if (what === 'everything') forgetEverything()
    else if (what.cache === 'provider') forgetProvider(what.name)
    else if (what.cache === 'user') invalidateUserCache(what.name)
  })
}

/** Empties the shared caches. */
export function forgetEverything(): void {
  getProviderConfigCache().clear()
  getUserPermissionCache().clear()
  clearHardwareInfoCache()
}
