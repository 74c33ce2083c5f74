import { DatabaseError } from './database-error.ts'

/** Runs one after another, in the order in which they came, so that those who wait hold no connection. */
export class WriteQueue {
  readonly #limit: number
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(limit = 1000) {
    this.#limit = limit
  }

  /**
   * Runs it when all before it are done.
   *
   * @throws DatabaseError `busy` when too many wait.
   */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#limit) throw new DatabaseError('busy')
    this.#waiting += 1
    const turn = this.#last.then(action)
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#last
  }
}
