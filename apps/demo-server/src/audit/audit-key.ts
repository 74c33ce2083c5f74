import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { createSecretFile } from '../secret-file.ts'
import { AuditError } from './audit-error.ts'

/** What is signed; a signature of one purpose is none of another. */
export type AuditPurpose = 'entry' | 'anchor' | 'receipt' | 'cursor' | 'idempotency' | 'key' | 'backup'

/** Signs the audit log: HMAC-SHA256 (RFC 2104). */
export class AuditKey {
  readonly #key: KeyObject

  /** @param secret - Any bytes but none. */
  constructor(secret: Uint8Array) {
    if (secret.length === 0) {
      throw new AuditError(
        'key_refused',
        'The key of the audit log is empty.',
        'Set SIMPLETUNER_AUDIT_KEY, or remove the file.',
      )
    }
    this.#key = createSecretKey(secret)
  }

  /** Tells keys apart without giving them away: 16 hexadecimal digits. */
  get fingerprint(): string {
    return this.sign('key', []).slice(0, 16)
  }

  /**
   * Signs values in this order. As JSON, in which no two lists look alike: not those whose parts were moved from one to
   * the next, and not a number and its text.
   *
   * @returns 64 hexadecimal digits.
   */
  sign(purpose: AuditPurpose, values: readonly unknown[]): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([`st-audit-${purpose}-1`, ...values]))
      .digest('hex')
  }

  /** Whether it is the signature of these values. */
  verify(signature: string, purpose: AuditPurpose, values: readonly unknown[]): boolean {
    const expected = Buffer.from(this.sign(purpose, values))
    const given = Buffer.from(signature)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}

/**
 * The key of the audit log: `SIMPLETUNER_AUDIT_KEY`, else what is in the file, else a new one that is saved there. Where
 * several instances share a database they need the variable.
 *
 * @throws AuditError `key_refused` for a file that is empty, unreadable or open to others.
 */
export async function loadAuditKey(
  path: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<AuditKey> {
  const text = env['SIMPLETUNER_AUDIT_KEY']
  if (text) return new AuditKey(Buffer.from(text))
  return new AuditKey((await readKeyFile(path)) ?? (await createKeyFile(path)))
}

async function readKeyFile(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0) throw refused(path, 'is open to others', `Run chmod 600 ${path}.`)
    return await file.readFile()
  } catch (error) {
    if (error instanceof AuditError) throw error
    if (codeOf(error) === 'ENOENT') return undefined
    throw refused(path, `cannot be read (${codeOf(error)})`, 'Make it a file that this user may read.')
  }
}

/** Of several processes that do this at once one wins, and all get its key. */
async function createKeyFile(path: string): Promise<Buffer> {
  const secret = randomBytes(32)
  try {
    if (await createSecretFile(path, secret)) return secret
  } catch (error) {
    throw refused(path, `cannot be made (${codeOf(error)})`, 'Make its folder writable, or set SIMPLETUNER_AUDIT_KEY.')
  }
  const winner = await readKeyFile(path)
  if (winner !== undefined) return winner
  throw refused(path, 'was removed while it was being made', 'Start again.')
}

function refused(path: string, what: string, hint: string): AuditError {
  return new AuditError('key_refused', `The key file of the audit log, ${path}, ${what}.`, hint)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
