import type { StoredEntry } from './stored-entry.ts'

/** The entries of a cache from the least to the most recently used; every operation but iteration is O(1). */
export class RecencyList<V> implements Iterable<StoredEntry<V>> {
  #oldest: StoredEntry<V> | undefined
  #newest: StoredEntry<V> | undefined

  get oldest(): StoredEntry<V> | undefined {
    return this.#oldest
  }

  append(entry: StoredEntry<V>): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  remove(entry: StoredEntry<V>): void {
    if (entry.older === undefined) this.#oldest = entry.newer
    else entry.older.newer = entry.newer
    if (entry.newer === undefined) this.#newest = entry.older
    else entry.newer.older = entry.older
    // A removed entry may still be queued for expiry; it must not keep its former neighbours alive.
    entry.older = undefined
    entry.newer = undefined
  }

  markUsed(entry: StoredEntry<V>): void {
    if (entry === this.#newest) return
    this.remove(entry)
    this.append(entry)
  }

  clear(): void {
    this.#oldest = undefined
    this.#newest = undefined
  }

  *[Symbol.iterator](): Generator<StoredEntry<V>, void, undefined> {
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) yield entry
  }
}
