import { hostname } from 'node:os'
import { type Driver, PostgresDialect, PostgresDriver } from 'kysely'
import { type ClientConfig, type CustomTypesConfig, Pool, types } from 'pg'
import { GuardedDriver } from './guarded-driver.ts'
import { postgresFailure } from './postgres-failure.ts'

/** Kysely's dialect over a pool of connections to PostgreSQL. */
export class PooledPostgresDialect extends PostgresDialect {
  readonly #pool: Pool

  /**
   * @param url - `postgres://…`; its password is never told.
   * @param options - Most connections, and for how long a lock is waited for.
   */
  constructor(url: string, { connections, lockWaitMs }: { readonly connections: number; readonly lockWaitMs: number }) {
    const pool = new Pool({
      ...connectionTo(url),
      max: connections,
      lock_timeout: lockWaitMs,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      types: { getTypeParser },
    })
    // One that is lost while nobody uses it is replaced when it is needed; without a listener it would end the process.
    pool.on('error', () => undefined)
    super({ pool })
    this.#pool = pool
  }

  override createDriver(): Driver {
    return new GuardedDriver(new PostgresDriver({ pool: this.#pool }), postgresFailure)
  }
}

/** What every connection to PostgreSQL has in common. */
export function connectionTo(url: string): ClientConfig {
  // Different for each process, at most 63 bytes (PostgreSQL, "application_name").
  const application_name = `st-demo-server ${process.pid} ${hostname().slice(0, 30)}`
  return { connectionString: url, application_name, connectionTimeoutMillis: 5000, keepAlive: true }
}

/** Rows as SQLite gives them: whole numbers, which `count(*)` is too, as numbers. */
const getTypeParser: CustomTypesConfig['getTypeParser'] = (type, format) =>
  type === types.builtins.INT8 ? wholeNumber : types.getTypeParser(type, format)

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError('The database holds a whole number that JavaScript cannot')
}
