// Results that are kept by the arguments. A decorator needs a compiler that lowers it, such as TypeScript or esbuild; Node's
// type stripping does not.
import { cached, cacheOf, TTLCache } from '@st/ttl-cache'

export interface User {
  readonly id: number
  readonly name: string
}

export class UserDirectory {
  readonly #fetchUser: (id: number) => Promise<User>

  constructor(fetchUser: (id: number) => Promise<User>) {
    this.#fetchUser = fetchUser
  }

  /** Kept for two minutes, each directory for itself; one request for all who ask meanwhile. */
  @cached({ ttl: 120, keyPrefix: 'users' })
  async find(id: number): Promise<User> {
    return this.#fetchUser(id)
  }

  /** After the user was changed. */
  forget(id: number): void {
    cacheOf(this, 'find')?.delete(`users:find:${id}`)
  }
}

/** A plain function is wrapped, and has its cache beside it. */
export const initialsOf = cached({ ttl: 3600, maxSize: 500 })((name: string) =>
  name
    .split(' ')
    .map(word => word.slice(0, 1))
    .join(''),
)

export interface Price {
  readonly dollars: number
  readonly validSeconds: number
}

/** Kept for as long as each price says; the last one stands in for ten minutes while there is no new one to be had. */
export class PriceList {
  readonly #prices: TTLCache<Price>
  readonly #fetchPrice: (item: string, signal: AbortSignal) => Promise<Price>

  constructor(fetchPrice: (item: string, signal: AbortSignal) => Promise<Price>, now?: () => number) {
    this.#prices = new TTLCache({ now })
    this.#fetchPrice = fetchPrice
  }

  async price(item: string): Promise<Price> {
    return this.#prices.getOrSetAsync(item, async signal => this.#fetchPrice(item, signal), {
      ttl: ({ validSeconds }) => validSeconds,
      staleIfError: 600,
    })
  }
}
