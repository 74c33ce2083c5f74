import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import { Client } from 'pg'
import type { Invalidation, InvalidationListener, Invalidations } from './invalidations.ts'
import { connectionTo } from './postgres-dialect.ts'
import type { Schema } from './schema.ts'

const channel = 'st_invalidation'

/** How often a connection that says nothing is asked whether it still is one. */
const heartbeatMs = 10_000

/** Invalidations by LISTEN and NOTIFY, on a connection of their own that is made again whenever it is lost. */
export class PostgresInvalidations implements Invalidations {
  readonly #url: string
  /** Tells the messages of this instance from those of others. */
  readonly #instance = randomUUID()
  readonly #listeners = new Set<InvalidationListener>()
  readonly #closing = new AbortController()
  #client: Client | undefined
  #running: Promise<void> | undefined

  constructor(url: string) {
    this.#url = url
  }

  get isConnected(): boolean {
    return this.#client !== undefined
  }

  /**
   * Begins to listen, and goes on until it is closed.
   *
   * @throws whatever the first connection fails with.
   */
  async start(): Promise<void> {
    const first = await this.#connect()
    this.#running = this.#stayConnected(first)
  }

  async announce(transaction: Transaction<Schema>, what: Invalidation | 'everything'): Promise<void> {
    // `parse` knows no cache of that name, so that it means everything, for this instance too.
    const parts = what === 'everything' ? ['everything', ''] : [what.cache, what.name]
    const message = JSON.stringify([this.#instance, ...parts])
    await sql`select pg_notify(${channel}, ${message})`.execute(transaction)
  }

  subscribe(listener: InvalidationListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...connectionTo(this.#url), query_timeout: 5000 })
    // Whether it is lost is told by 'end', which follows.
    client.on('error', () => undefined)
    client.on('notification', ({ payload }) => this.#hear(payload))
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    this.#client = client
    return client
  }

  async #stayConnected(first: Client): Promise<void> {
    let client: Client | undefined = first
    while (client !== undefined) {
      await this.#untilLost(client)
      this.#client = undefined
      void client.end().catch(() => undefined)
      client = await this.#reconnect()
      if (client !== undefined) this.#tell('everything')
    }
  }

  async #untilLost(client: Client): Promise<void> {
    const lost = new AbortController()
    const signal = AbortSignal.any([lost.signal, this.#closing.signal])
    const heartbeat = setInterval(() => void client.query('select 1').catch(() => lost.abort()), heartbeatMs)
    heartbeat.unref()
    // Rejects when the signal aborts, which means the same.
    await once(client, 'end', { signal }).catch(() => undefined)
    clearInterval(heartbeat)
  }

  /** Tries until it succeeds; `undefined` when it was closed. */
  async #reconnect(): Promise<Client | undefined> {
    const { signal } = this.#closing
    for (let waitMs = 50; !signal.aborted; waitMs = Math.min(waitMs * 2, 5000)) {
      try {
        return await this.#connect()
      } catch {
        await delay(waitMs, undefined, { signal }).catch(() => undefined)
      }
    }
    return undefined
  }

  #hear(payload: string | undefined): void {
    const message = parse(payload)
    if (message === undefined) this.#tell('everything')
    else if (message.instance !== this.#instance) this.#tell({ cache: message.cache, name: message.name })
  }

  #tell(what: Invalidation | 'everything'): void {
    for (const listener of this.#listeners) listener(what)
  }
}

/** `undefined` for what another version may have sent. */
function parse(payload = ''): (Invalidation & { readonly instance: string }) | undefined {
  let message: unknown
  try {
    message = JSON.parse(payload)
  } catch {
    return undefined
  }
  if (!Array.isArray(message)) return undefined
  const [instance, cache, name]: unknown[] = message
  if (cache !== 'provider' && cache !== 'user' && cache !== 'cleared') return undefined
  return typeof instance === 'string' && typeof name === 'string' ? { instance, cache, name } : undefined
}
