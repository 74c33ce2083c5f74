import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { SecretsManager } from '@st/secrets-core'
import type { InvalidateEvent, KeyEvent } from '@st/ttl-cache'
import { type CacheFigures, type CacheSelection, selects, type ServerCache } from './server-cache.ts'

/** Caches of a manager by their names: what the chain said about a key, and what each provider said. */
const resolutions = 'secrets.resolutions'
const answers = 'secrets.answers'

/**
 * What the manager of secrets keeps. It tells how much, not of which keys: those are known from what its caches tell of
 * themselves, from {@link KeptSecrets.start} on. Of a process with several managers, the keys of all are known here.
 */
export class KeptSecrets implements ServerCache {
  readonly name = 'secrets'
  readonly #secrets: SecretsManager
  readonly #keys: Readonly<Record<string, Set<string>>> = { [resolutions]: new Set(), [answers]: new Set() }
  #evictions = 0

  constructor(secrets: SecretsManager) {
    this.#secrets = secrets
  }

  start(): void {
    subscribe('st:cache.set', this.#onSet)
    subscribe('st:cache.expire', this.#onGone)
    subscribe('st:cache.evict', this.#onEvict)
    subscribe('st:cache.invalidate', this.#onInvalidate)
  }

  stop(): void {
    unsubscribe('st:cache.set', this.#onSet)
    unsubscribe('st:cache.expire', this.#onGone)
    unsubscribe('st:cache.evict', this.#onEvict)
    unsubscribe('st:cache.invalidate', this.#onInvalidate)
    for (const keys of Object.values(this.#keys)) keys.clear()
  }

  figures(): CacheFigures {
    const { size, hits, misses } = this.#secrets.stats()
    const hitRatio = hits + misses === 0 ? 0 : hits / (hits + misses)
    return { size, hits, misses, hitRatio, evictions: this.#evictions }
  }

  count(selection: CacheSelection): number {
    return this.#kept(selection).size
  }

  invalidate(selection: CacheSelection): number {
    const kept = this.#kept(selection)
    if ('all' in selection) this.#secrets.clearCache()
    else for (const key of kept) this.#secrets.clearCache(key)
    // A whole document is kept under no key, and goes with any.
    if (!('all' in selection)) this.#secrets.clearCache('key' in selection ? selection.key : selection.prefix)
    return kept.size
  }

  isOwn({ cache }: KeyEvent): boolean {
    return cache === resolutions
  }

  #kept(selection: CacheSelection): ReadonlySet<string> {
    const keys = [...(this.#keys[resolutions] ?? []), ...[...(this.#keys[answers] ?? [])].flatMap(keyOfSlot)]
    return new Set(keys.filter(key => selects(selection, key)))
  }

  // Subscribers get `unknown`; the channels of the cache say what they publish.
  readonly #onSet = (message: unknown): void => {
    const { cache, key } = message as KeyEvent
    if (cache !== undefined) this.#keys[cache]?.add(key)
  }

  readonly #onGone = (message: unknown): void => {
    const { cache, key } = message as KeyEvent
    if (cache !== undefined) this.#keys[cache]?.delete(key)
  }

  readonly #onEvict = (message: unknown): void => {
    this.#onGone(message)
    if ((message as KeyEvent).cache === resolutions) this.#evictions += 1
  }

  readonly #onInvalidate = (message: unknown): void => {
    const { cache, key, prefix } = message as InvalidateEvent
    const keys = cache === undefined ? undefined : this.#keys[cache]
    if (keys === undefined) return
    if (key !== undefined) keys.delete(key)
    else for (const kept of keys) if (kept.startsWith(prefix ?? '')) keys.delete(kept)
  }
}

/** Answers are kept under the key as JSON, with a version behind it; a whole document under the empty one. */
function keyOfSlot(slot: string): readonly string[] {
  const [text] = /^"(?:[^"\\]|\\.)*"/.exec(slot) ?? []
  // What it matches is the text of a JSON string.
  const key = text === undefined ? '' : (JSON.parse(text) as string)
  return key === '' ? [] : [key]
}
