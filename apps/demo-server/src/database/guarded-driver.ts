import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely'
import { DatabaseError } from './database-error.ts'

/** Says what an error of a database's own client means; gives back what is none of those. */
export type Interpret = (error: unknown) => unknown

/** A driver whose failures are {@link DatabaseError}s. */
export class GuardedDriver implements Driver {
  readonly #driver: Driver
  readonly #interpret: Interpret
  readonly #guarded = new WeakSet<DatabaseConnection>()

  constructor(driver: Driver, interpret: Interpret) {
    this.#driver = driver
    this.#interpret = interpret
  }

  init(): Promise<void> {
    return this.#named(() => this.#driver.init())
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await this.#named(() => this.#driver.acquireConnection())
    if (!this.#guarded.has(connection)) {
      // The drivers know their connections by identity, so that one cannot be wrapped.
      const execute = connection.executeQuery.bind(connection)
      connection.executeQuery = query => this.#named(() => execute(query))
      this.#guarded.add(connection)
    }
    return connection
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#named(() => this.#driver.beginTransaction(connection, settings))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#named(() => this.#driver.commitTransaction(connection))
    } catch (error) {
      if (error instanceof DatabaseError && error.kind === 'unavailable') {
        throw new DatabaseError('outcome_unknown', error.driverCode)
      }
      throw error
    }
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#driver.rollbackTransaction(connection)
    } catch {
      // Kysely would throw this in place of why the transaction is rolled back. The database has rolled it back by
      // itself, or does so now that the connection is lost.
    }
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#driver.releaseConnection(connection)
  }

  destroy(): Promise<void> {
    return this.#driver.destroy()
  }

  async #named<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      throw this.#interpret(error)
    }
  }
}
