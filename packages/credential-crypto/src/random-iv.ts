import { randomFillSync } from 'node:crypto'

const IV_BYTES = 16
const POOL_BYTES = 256 * IV_BYTES

let pool: Buffer | undefined
let used = POOL_BYTES

/**
 * Writes 16 random bytes, drawn 256 times at once because a draw costs a quarter of an encryption.
 *
 * For CBC only, where a repetition shows no more than equal beginnings. What nobody may ever repeat is drawn alone.
 */
export function writeRandomIv(target: Buffer, offset: number): void {
  pool ??= Buffer.alloc(POOL_BYTES)
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  pool.copy(target, offset, used, used + IV_BYTES)
  pool.fill(0, used, used + IV_BYTES)
  used += IV_BYTES
}
