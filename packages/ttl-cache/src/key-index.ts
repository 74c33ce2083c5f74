/** Which slot holds a key: a Map, or something that looks like one. */
export interface KeyIndex {
  get(key: string): number | undefined
  set(key: string, slot: number): unknown
  delete(key: string): unknown
  clear(): void
}

/** From this many keys on, one Map would hold up the thread when it grows or shrinks. */
const keysPerShard = 131_072

const mostShards = 64

/** An index for so many keys. */
export function createKeyIndex(maxSize: number): KeyIndex {
  if (maxSize <= keysPerShard) return new Map()
  return new ShardedIndex(Math.min(mostShards, 2 ** Math.ceil(Math.log2(maxSize / keysPerShard))))
}

/** Several Maps, since one moves all its keys at once when it grows or shrinks. */
class ShardedIndex implements KeyIndex {
  readonly #first = new Map<string, number>()
  readonly #shards: readonly Map<string, number>[]

  /** @param count - A power of two. */
  constructor(count: number) {
    this.#shards = [this.#first, ...Array.from({ length: count - 1 }, () => new Map<string, number>())]
  }

  get(key: string): number | undefined {
    // What is no key is nowhere; the caller says what is wrong with it.
    return typeof key === 'string' ? this.#shardOf(key).get(key) : undefined
  }

  set(key: string, slot: number): void {
    this.#shardOf(key).set(key, slot)
  }

  delete(key: string): void {
    this.#shardOf(key).delete(key)
  }

  clear(): void {
    for (const shard of this.#shards) shard.clear()
  }

  #shardOf(key: string): Map<string, number> {
    return this.#shards[sampleHash(key) & (this.#shards.length - 1)] ?? this.#first
  }
}

/** Spreads keys by a few of their characters; keys that it does not tell apart share a shard, which is only slower. */
function sampleHash(key: string): number {
  const { length } = key
  const middle = length >> 1
  let hash = Math.imul(length, 31) + key.charCodeAt(length - 1)
  hash = Math.imul(hash, 31) + key.charCodeAt(length - 2)
  hash = Math.imul(hash, 31) + key.charCodeAt(length - 3)
  hash = Math.imul(hash, 31) + key.charCodeAt(middle)
  hash = Math.imul(hash, 31) + key.charCodeAt(middle + 2)
  return hash ^ (hash >>> 7)
}
