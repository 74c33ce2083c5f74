import { channels, type ChangeMessage } from './diagnostics.ts'
import type { ChangeListener, SecretChange } from './secret-change.ts'

/** Who wants to know of changes, by key. */
export class ChangeListeners {
  readonly #byKey = new Map<string, Set<ChangeListener>>()

  /** Keys that somebody listens to. */
  get keys(): Iterable<string> {
    return this.#byKey.keys()
  }

  /** Whether somebody listens to the key. */
  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** Has `listener` called at each change of the key; returns what ends it. */
  add(key: string, listener: ChangeListener): () => void {
    const listeners = this.#byKey.get(key) ?? new Set()
    // An entry of its own, so that one function can listen twice.
    const own: ChangeListener = change => listener(change)
    this.#byKey.set(key, listeners.add(own))
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#byKey.get(key) === listeners) this.#byKey.delete(key)
    }
  }

  /** Tells of a change, on the channel too. */
  tell(change: SecretChange): void {
    const { key, reason, current } = change
    if (channels.change.hasSubscribers) {
      const message: ChangeMessage = { key, reason, source: current?.source, version: current?.version }
      channels.change.publish(message)
    }
    for (const listener of this.#byKey.get(key) ?? []) {
      try {
        listener(change)
      } catch (error) {
        // Its own affair: neither the read nor other listeners are disturbed.
        process.nextTick(() => {
          throw error
        })
      }
    }
  }

  /** Ends them all. */
  clear(): void {
    this.#byKey.clear()
  }
}
