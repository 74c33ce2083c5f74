import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError } from './database/database-error.ts'
import { sqliteFailure } from './database/sqlite-failure.ts'

/** `shared` beside others that are, `exclusive` alone. */
export type LockKind = 'shared' | 'exclusive'

/**
 * A lock on a file, between processes and within one. It is that of an empty SQLite database, which the operating system
 * ends with the process that has it, however that ends.
 */
export class FileLock implements Disposable {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * Takes it if nobody is in the way.
   *
   * @param path - Of a file of its own, which is made when it is not there, and stays.
   * @throws DatabaseError, or that of the system call, when the file cannot be made or opened.
   */
  static take(path: string, kind: LockKind): FileLock | undefined {
    makeFile(path)
    let database: DatabaseSync | undefined
    try {
      database = new DatabaseSync(path, { timeout: 0 })
      // Whoever is alone has begun to write, which makes a journal, and one that is killed leaves it there.
      database.exec('pragma journal_mode = memory')
      database.exec(kind === 'exclusive' ? 'begin exclusive' : 'begin; select 1 from sqlite_schema')
      return new FileLock(database)
    } catch (error) {
      database?.close()
      const failure = sqliteFailure(error)
      if (failure instanceof DatabaseError && failure.kind === 'locked') return undefined
      throw failure
    }
  }

  /** Takes it as soon as nobody is in the way. @throws DatabaseError `locked` after 30 seconds */
  static async wait(path: string, kind: LockKind): Promise<FileLock> {
    const deadline = performance.now() + longestWaitMs
    for (;;) {
      const lock = FileLock.take(path, kind)
      if (lock !== undefined) return lock
      if (performance.now() >= deadline) throw new DatabaseError('locked')
      // Different for each process, or they would meet again.
      await delay(10 + 20 * Math.random())
    }
  }

  /** Gives it back. */
  [Symbol.dispose](): void {
    this.#database.close()
  }
}

const longestWaitMs = 30_000

/**
 * For its owner only, which SQLite would not see to. One that is there is not opened: to close it would end the locks that
 * this process has on it (fcntl(2), "Record locking").
 */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
