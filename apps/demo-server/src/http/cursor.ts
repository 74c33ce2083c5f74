import { Type } from 'typebox'
import type { AuditKey } from '../audit/audit-key.ts'
import { HttpProblem } from './problem.ts'

/** Members of an address that ask for a part of a list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many at most.' })),
  cursor: Type.Optional(Type.String({ maxLength: 4096, description: 'The `nextCursor` of the part before.' })),
}

/** The member of an answer that leads to the next part. */
export const nextCursor = {
  nextCursor: Type.Optional(Type.String({ description: 'For `cursor`; absent at the end of the list.' })),
}

/**
 * Writes where a list goes on as a text that only this server can have made, and only for the same list and caller: what
 * is in it need not be checked again.
 */
export class Cursors {
  readonly #key: AuditKey

  constructor(key: AuditKey) {
    this.#key = key
  }

  /**
   * @param list - Which list, of whom, with which filter.
   * @param position - Where it goes on; anything that JSON can hold.
   */
  seal(list: readonly unknown[], position: unknown): string {
    const text = JSON.stringify(position)
    return `${Buffer.from(text).toString('base64url')}.${this.#key.sign('cursor', [list, text])}`
  }

  /**
   * Reads it back.
   *
   * @param start - Where the list begins, for a request without a cursor.
   * @throws HttpProblem 400 `INVALID_CURSOR`
   */
  open<T>(list: readonly unknown[], cursor: string | undefined, start: T): T {
    if (cursor === undefined) return start
    const [encoded = '', signature = ''] = cursor.split('.')
    const text = Buffer.from(encoded, 'base64url').toString()
    if (!this.#key.verify(signature, 'cursor', [list, text])) {
      throw new HttpProblem(400, 'INVALID_CURSOR', 'The cursor is of another list, or was changed: begin again.')
    }
    // Signed, so that it is what `seal` was given for this list.
    return JSON.parse(text) as T
  }
}
