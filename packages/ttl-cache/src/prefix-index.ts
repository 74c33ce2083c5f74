import { intAt } from './int-at.ts'

const colon = 58

/** Colons after which the text is hashed: `provider:replicate:` of `provider:replicate:config`. */
const colons = 2

/** A key whose second colon comes later is found by a scan. */
const longestGroup = 128

/** Slots per chain when the cache is full. */
const slotsPerChain = 8

/** A cache with more entries has longer chains: those of ten million are still short. */
const largestSize = 2 ** 20

/** In place of the size of a cache that has no bound. */
const unboundedSize = 2 ** 17

/** Offsets in the links of a slot. */
const NEXT = 0
const PREVIOUS = 1

/**
 * Finds the keys that begin with a prefix without a scan: chains of slots by a hash of the text up to the second colon.
 *
 * A prefix that does not reach that far has no chain, and keys without two colons are in none.
 */
export class PrefixIndex {
  readonly #heads: Int32Array<ArrayBuffer>
  #links: Int32Array<ArrayBuffer>

  constructor(maxSize: number) {
    const size = maxSize === Infinity ? unboundedSize : Math.min(maxSize, largestSize)
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, size / slotsPerChain))))
    this.#links = new Int32Array(0)
  }

  /** Whether keys with this prefix are found by {@link PrefixIndex.first}. */
  static serves(prefix: string): boolean {
    return hashOfGroup(prefix) !== undefined
  }

  /** Makes room for slots below `length`. */
  grow(length: number): void {
    const larger = new Int32Array(length * 2)
    larger.set(this.#links)
    this.#links = larger
  }

  clear(): void {
    this.#heads.fill(0)
    this.#links.fill(0)
  }

  /** The first slot of the chain that holds all keys with this prefix, 0 at its end. Others may be in it. */
  first(prefix: string): number {
    const hash = hashOfGroup(prefix)
    return hash === undefined ? 0 : intAt(this.#heads, this.#chainOf(hash))
  }

  next(slot: number): number {
    return intAt(this.#links, slot * 2 + NEXT)
  }

  add(slot: number, key: string): void {
    const hash = hashOfGroup(key)
    if (hash === undefined) return
    const chain = this.#chainOf(hash)
    const head = intAt(this.#heads, chain)
    this.#links[slot * 2 + NEXT] = head
    this.#links[slot * 2 + PREVIOUS] = ~chain
    if (head !== 0) this.#links[head * 2 + PREVIOUS] = slot
    this.#heads[chain] = slot
  }

  remove(slot: number): void {
    const previous = intAt(this.#links, slot * 2 + PREVIOUS)
    if (previous === 0) return
    const next = intAt(this.#links, slot * 2 + NEXT)
    // The first of a chain has the chain's number, made negative, where the others have their predecessor.
    if (previous < 0) this.#heads[~previous] = next
    else this.#links[previous * 2 + NEXT] = next
    if (next !== 0) this.#links[next * 2 + PREVIOUS] = previous
    this.#links[slot * 2 + PREVIOUS] = 0
  }

  #chainOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#heads.length - 1)
  }
}

/** FNV-1a of the text up to and with the second colon; `undefined` when there is none near enough. */
function hashOfGroup(text: string): number | undefined {
  const end = Math.min(text.length, longestGroup)
  let hash = 0x811c9dc5
  let found = 0
  for (let index = 0; index < end; index += 1) {
    const code = text.charCodeAt(index)
    hash = Math.imul(hash ^ code, 0x01000193)
    if (code === colon) found += 1
    if (found === colons) return hash
  }
  return undefined
}
