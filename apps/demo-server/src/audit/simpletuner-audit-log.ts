import { createHmac } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { genesis } from './audit-chain.ts'

/** A row of SimpleTuner's `audit_log`. */
export interface SimpleTunerAuditRow {
  readonly id: number
  readonly timestamp: string
  readonly event_type: string
  readonly actor_id: number | null
  readonly actor_username: string | null
  readonly actor_ip: string | null
  readonly target_type: string | null
  readonly target_id: string | null
  readonly action: string
  /** JSON as Python wrote it: it is part of the hash as it stands. */
  readonly details: string
  readonly previous_hash: string
  readonly entry_hash: string
}

/** A row, and whether SimpleTuner's own hashes hold there. */
export interface SimpleTunerAuditEntry {
  readonly row: SimpleTunerAuditRow
  /** Whether it is what was hashed, as far as that goes: names, addresses and targets are not in the hash. */
  readonly isUnchanged: boolean
  /** Whether it follows on the row before. A log that was cut off at its end cannot be told. */
  readonly isLinked: boolean
}

/** The hash that SimpleTuner stores for a row. */
export function simpleTunerEntryHash(
  key: Uint8Array,
  row: Pick<SimpleTunerAuditRow, 'timestamp' | 'event_type' | 'actor_id' | 'action' | 'details' | 'previous_hash'>,
): string {
  // What Python writes for no actor.
  const actor = row.actor_id ?? 'None'
  const text = [row.timestamp, row.event_type, actor, row.action, row.details, row.previous_hash].join('|')
  return createHmac('sha256', key).update(text).digest('hex')
}

/**
 * Reads SimpleTuner's `audit.db`, oldest entry first, and changes nothing.
 *
 * @param path - The file.
 * @param key - What `audit.key` holds, or `SIMPLETUNER_AUDIT_KEY` as UTF-8.
 * @throws Error when it cannot be opened or has no `audit_log`.
 */
export function* readSimpleTunerAuditLog(path: string, key: Uint8Array): Generator<SimpleTunerAuditEntry, void> {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    let previous = genesis
    for (const columns of database.prepare('SELECT * FROM audit_log ORDER BY id').iterate()) {
      // The columns of SimpleTuner's own CREATE TABLE; a value of another type hashes to something else.
      const row = { ...columns } as unknown as SimpleTunerAuditRow
      const isUnchanged = simpleTunerEntryHash(key, row) === row.entry_hash
      yield { row, isUnchanged, isLinked: row.previous_hash === previous }
      previous = row.entry_hash
    }
  } finally {
    database.close()
  }
}
