import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../database/database.ts'
import type { KeyDescription } from './changing-key.ts'

/** Where it is looked up since when a key encrypts. */
export interface KeyAgeContext {
  readonly database: Pick<Database, 'reads'>
  /** With the keys that are files. */
  readonly folder: string
}

/** Since when a key encrypts; `undefined` where nothing tells: the environment does not say when it was set. */
export async function keySince(
  { database, folder }: KeyAgeContext,
  { source, fingerprint }: KeyDescription,
): Promise<Date | undefined> {
  const rotation = await database.reads
    .selectFrom('key_rotation')
    .select('started_at')
    .where('fingerprint', '=', fingerprint)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (rotation !== undefined) return new Date(rotation.started_at)
  if (source === 'environment') return undefined
  const file = await stat(join(folder, 'credential.key')).catch(() => undefined)
  return file?.mtime
}
