import type { Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** What has changed: all that is cached about a provider, or about a user; or what an administrator has cleared. */
export interface Invalidation {
  readonly cache: 'provider' | 'user' | 'cleared'
  /** The provider's name, the user's id, or what was cleared. */
  readonly name: string
}

/** Is told what other instances have changed; `'everything'` when messages may have been missed. */
export type InvalidationListener = (what: Invalidation | 'everything') => void

/** How instances on one database tell each other what they have changed. */
export interface Invalidations {
  /** Whether changes of other instances are heard of at once; while not, caches are only as fresh as their lifetime. */
  readonly isConnected: boolean
  /** Tells the other instances when the transaction is committed, and not if it is rolled back. */
  announce(transaction: Transaction<Schema>, what: Invalidation | 'everything'): Promise<void>
  /** Calls the listener for changes of other instances, not for those of this one. Returns a function that ends it. */
  subscribe(listener: InvalidationListener): () => void
  /** Stops listening. */
  close(): Promise<void>
}

/** For a database that only this process uses. */
export const noInvalidations: Invalidations = {
  isConnected: true,
  announce: async () => undefined,
  subscribe: () => () => undefined,
  close: async () => undefined,
}
