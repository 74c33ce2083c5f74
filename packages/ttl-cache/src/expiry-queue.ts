/** What the queue needs to know of an entry. */
export interface Expiring {
  readonly expiresAt: number
  /** `undefined` once the entry has left the cache. */
  readonly value: unknown
}

/** Below this length the queue is never rebuilt. */
const smallQueue = 64

/**
 * Finds expired entries without looking at the others: a binary heap, soonest expiry first.
 *
 * An entry that leaves the cache stays queued until it is due or until such entries are the majority, when the heap is
 * rebuilt. That makes leaving O(1) amortised; entering is O(1) for entries that expire in the order they came.
 */
export class ExpiryQueue<E extends Expiring> {
  #heap: E[] = []
  #gone = 0

  /** How many entries are queued, those included that have left the cache. */
  get length(): number {
    return this.#heap.length
  }

  add(entry: E): void {
    if (entry.expiresAt === Infinity) return
    this.#heap.push(entry)
    this.#siftUp(this.#heap.length - 1, entry)
  }

  /** Tells the queue that an entry has left the cache. */
  noteGone(entry: E): void {
    if (entry.expiresAt === Infinity) return
    this.#gone += 1
    if (this.#heap.length > smallQueue && this.#gone * 2 > this.#heap.length) this.#rebuild()
  }

  /** Removes one stored entry that is due at `now` from the queue and returns it. */
  takeDue(now: number): E | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.expiresAt <= now; first = this.#heap[0]) {
      this.#removeFirst()
      if (first.value !== undefined) return first
      this.#gone -= 1
    }
    return undefined
  }

  /** How many stored entries are due at `now`. */
  countDue(now: number, index = 0): number {
    const entry = this.#heap[index]
    if (entry === undefined || entry.expiresAt > now) return 0
    return (entry.value === undefined ? 0 : 1) + this.countDue(now, 2 * index + 1) + this.countDue(now, 2 * index + 2)
  }

  clear(): void {
    this.#heap = []
    this.#gone = 0
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last !== undefined && this.#heap.length > 0) this.#siftDown(0, last)
  }

  #rebuild(): void {
    this.#heap = this.#heap.filter(entry => entry.value !== undefined)
    this.#gone = 0
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index -= 1) {
      const entry = this.#heap[index]
      if (entry !== undefined) this.#siftDown(index, entry)
    }
  }

  #siftUp(start: number, entry: E): void {
    let index = start
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#heap[parentIndex]
      if (parent === undefined || parent.expiresAt <= entry.expiresAt) break
      this.#heap[index] = parent
      index = parentIndex
    }
    this.#heap[index] = entry
  }

  #siftDown(start: number, entry: E): void {
    let index = start
    for (;;) {
      const childIndex = this.#soonerChild(index)
      const child = this.#heap[childIndex]
      if (child === undefined || child.expiresAt >= entry.expiresAt) break
      this.#heap[index] = child
      index = childIndex
    }
    this.#heap[index] = entry
  }

  #soonerChild(index: number): number {
    const left = 2 * index + 1
    const leftChild = this.#heap[left]
    const rightChild = this.#heap[left + 1]
    return leftChild !== undefined && rightChild !== undefined && rightChild.expiresAt < leftChild.expiresAt
      ? left + 1
      : left
  }
}
