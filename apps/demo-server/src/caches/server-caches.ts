import { clearHardwareInfoCache } from '@st/hardware-info'
import type { SecretsManager } from '@st/secrets-core'
import { getProviderConfigCache, getUserPermissionCache } from '@st/ttl-cache'
import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'
import { KeptSecrets } from './kept-secrets.ts'
import { type CacheSelection, type ServerCache, sharedCache } from './server-cache.ts'

/** What the caches are found in, and what is told of them. */
export interface ServerCachesContext {
  readonly secrets: SecretsManager
  readonly database: Pick<Database, 'invalidations'>
  readonly writes: AuditedWrites
}

/**
 * The caches of this process that can be looked at and cleared (R104). Those that keep somebody out, such as the memory of
 * webhooks that have come in, are not among them.
 */
export class ServerCaches {
  readonly #database: ServerCachesContext['database']
  readonly #writes: AuditedWrites
  readonly #secrets: KeptSecrets
  readonly #caches: readonly ServerCache[]
  #unsubscribe: (() => void) | undefined

  constructor({ secrets, database, writes }: ServerCachesContext) {
    this.#database = database
    this.#writes = writes
    this.#secrets = new KeptSecrets(secrets)
    this.#caches = [
      sharedCache('provider-configs', getProviderConfigCache, 'provider:'),
      sharedCache('user-permissions', getUserPermissionCache, 'user:'),
      hardwarePrices,
      this.#secrets,
    ]
  }

  /** Begins to follow the caches, and what other instances clear. */
  start(): void {
    this.#secrets.start()
    this.#unsubscribe = this.#database.invalidations.subscribe(what => {
      if (what === 'everything') this.#secrets.invalidate({ all: true })
      else if (what.cache === 'cleared') this.#clearHere(what.name)
    })
  }

  /** Ends that. */
  stop(): void {
    this.#secrets.stop()
    this.#unsubscribe?.()
  }

  /** All of them. */
  get all(): readonly ServerCache[] {
    return this.#caches
  }

  /** @throws Refusal `CACHE_NOT_FOUND` */
  named(name: string): ServerCache {
    const cache = this.#caches.find(known => known.name === name)
    if (cache !== undefined) return cache
    const names = this.#caches.map(known => known.name).join(', ')
    throw new Refusal('not_found', 'CACHE_NOT_FOUND', `There is no such cache; there are: ${names}.`)
  }

  /**
   * Clears a cache, or a part of it, here and in the other instances, once that is in the audit log.
   *
   * @returns How many entries were held here.
   * @throws Refusal `CACHE_NOT_FOUND`
   */
  async clear(name: string, selection: CacheSelection, actor: AuditActor): Promise<number> {
    const event = {
      type: 'cache.cleared',
      actor,
      target: { type: 'cache', id: name },
      action: 'Cleared a cache',
    } as const
    const cache = await this.#writes.write({ ...event, details: { ...selection } }, async ({ transaction, record }) => {
      const found = this.named(name)
      await this.#database.invalidations.announce(transaction, {
        cache: 'cleared',
        name: JSON.stringify([name, selection]),
      })
      await record({ details: { ...selection, count: found.count(selection) } })
      return found
    })
    return cache.invalidate(selection)
  }

  #clearHere(message: string): void {
    const cleared = parse(message)
    for (const cache of this.#caches) {
      // What another version means may be any of them.
      if (cleared === undefined) cache.invalidate({ all: true })
      else if (cache.name === cleared.name) cache.invalidate(cleared.selection)
    }
  }
}

/** `undefined` for what this version does not announce. */
function parse(message: string): { readonly name: unknown; readonly selection: CacheSelection } | undefined {
  try {
    const [name, selection]: unknown[] = JSON.parse(message)
    return isSelection(selection) ? { name, selection } : undefined
  } catch {
    return undefined
  }
}

function isSelection(selection: unknown): selection is CacheSelection {
  if (typeof selection !== 'object' || selection === null) return false
  const [[member, value] = [], ...more] = Object.entries(selection)
  if (more.length > 0) return false
  return member === 'all' ? value === true : (member === 'key' || member === 'prefix') && typeof value === 'string'
}

/** It keeps one table for each store, and tells nothing of them. */
const hardwarePrices: ServerCache = {
  name: 'hardware-prices',
  figures: () => undefined,
  count: () => 1,
  invalidate: () => {
    clearHardwareInfoCache()
    return 1
  },
  isOwn: ({ cache, key }) => cache === undefined && key === 'table',
}
