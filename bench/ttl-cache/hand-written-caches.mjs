// What people write instead of taking a library.

/** A Map whose entries carry the time at which they expire. */
export class MapWithTtl {
  entries = new Map()

  constructor(ttlMs) {
    this.ttlMs = ttlMs
  }

  get(key) {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    if (entry.expiresAt > Date.now()) return entry.value
    this.entries.delete(key)
    return undefined
  }

  set(key, value) {
    this.entries.set(key, { value, expiresAt: Date.now() + this.ttlMs })
  }

  delete(key) {
    return this.entries.delete(key)
  }

  clear() {
    this.entries.clear()
  }

  keys() {
    return this.entries.keys()
  }
}

/** The same, and each use moves the entry to the end of the Map by deleting and setting it. */
export class MapWithTtlAndLru extends MapWithTtl {
  get(key) {
    const entry = this.entries.get(key)
    if (entry === undefined) return undefined
    this.entries.delete(key)
    if (entry.expiresAt <= Date.now()) return undefined
    this.entries.set(key, entry)
    return entry.value
  }

  set(key, value) {
    this.entries.delete(key)
    super.set(key, value)
  }
}
