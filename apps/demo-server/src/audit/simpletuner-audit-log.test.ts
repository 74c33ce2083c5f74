import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { describeDatabases } from '../testing/databases.ts'
import { AuditKey } from './audit-key.ts'
import { AuditLog } from './audit-log.ts'
import { readSimpleTunerAuditLog, simpleTunerEntryHash } from './simpletuner-audit-log.ts'

interface RecordedRow {
  readonly timestamp: string
  readonly event_type: string
  readonly actor_id: number | null
  readonly action: string
  readonly detailsJson: string
  readonly previousHash: string
  readonly entryHash: string
}

// Recorded from SimpleTuner in this shape.
const recorded = JSON.parse(readFileSync(new URL('__fixtures__/simpletuner-audit.json', import.meta.url), 'utf8')) as {
  readonly auditChain: readonly { readonly key: string; readonly hashes: readonly RecordedRow[] }[]
  readonly auditTamper: readonly { readonly name: string }[]
}
const [chain] = recorded.auditChain
const hashes = chain?.hashes ?? []
const key = Buffer.from(chain?.key ?? '')

function writeOldLog(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`CREATE TABLE audit_log (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,
    event_type TEXT NOT NULL, actor_id INTEGER, actor_username TEXT, actor_ip TEXT, target_type TEXT, target_id TEXT,
    action TEXT NOT NULL, details TEXT NOT NULL DEFAULT '{}', previous_hash TEXT NOT NULL, entry_hash TEXT NOT NULL)`)
  const insert = database.prepare(`INSERT INTO audit_log
    (timestamp, event_type, actor_id, action, details, previous_hash, entry_hash) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  for (const row of hashes) {
    insert.run(
      row.timestamp,
      row.event_type,
      row.actor_id,
      row.action,
      row.detailsJson,
      row.previousHash,
      row.entryHash,
    )
  }
  database.close()
}

describe("SimpleTuner's audit log", () => {
  it('has the recorded hashes', () => {
    const computed = hashes.map(row =>
      simpleTunerEntryHash(key, { ...row, details: row.detailsJson, previous_hash: row.previousHash }),
    )

    expect(computed).toEqual(hashes.map(({ entryHash }) => entryHash))
    expect(computed).toHaveLength(3)
  })

  it('is read and checked by its own hashes', () => {
    const path = join(homedir(), 'audit.db')
    writeOldLog(path)

    const entries = [...readSimpleTunerAuditLog(path, key)]
    const withOtherKey = [...readSimpleTunerAuditLog(path, Buffer.from('x'))]

    expect(entries.map(({ row, isUnchanged, isLinked }) => [row.action, isUnchanged, isLinked])).toEqual([
      ['Credential set', true, true],
      ['密钥 | pipe', true, true],
      ['x', true, true],
    ])
    expect(withOtherKey.map(({ isUnchanged }) => isUnchanged)).toEqual([false, false, false])
  })

  it('shows where it was changed', () => {
    const path = join(homedir(), 'audit.db')
    writeOldLog(path)
    const database = new DatabaseSync(path)
    database.exec(`UPDATE audit_log SET action = 'y' WHERE id = 1; DELETE FROM audit_log WHERE id = 2`)
    database.close()

    const entries = [...readSimpleTunerAuditLog(path, key)]

    expect(entries.map(({ isUnchanged, isLinked }) => [isUnchanged, isLinked])).toEqual([
      [false, true],
      [true, false],
    ])
  })
})

/** What was done to SimpleTuner's log in the recording. */
const tampering: Readonly<Record<string, ReturnType<typeof sql> | undefined>> = {
  untouched: undefined,
  'edit-action': sql`update audit_entry set action = 'forged' where sequence = 2`,
  'edit-details': sql`update audit_entry set details = '{"forged": true}' where sequence = 2`,
  'edit-actor_username': sql`update audit_entry set actor_name = 'forged' where sequence = 2`,
  'edit-actor_ip': sql`update audit_entry set actor_ip = '6.6.6.6' where sequence = 2`,
  'edit-target_id': sql`update audit_entry set target_id = 'forged' where sequence = 2`,
  'delete-middle': sql`delete from audit_entry where sequence = 2`,
  'delete-last': sql`delete from audit_entry where sequence = 3`,
  'delete-first': sql`delete from audit_entry where sequence = 1`,
  'verify-subrange': undefined,
}

describeDatabases('what SimpleTuner was recorded to miss', ({ open }) => {
  it.each(recorded.auditTamper.map(({ name }) => name))('%s', async name => {
    const database = await open()
    const log = new AuditLog(database, new AuditKey(key))
    for (const { action } of hashes) {
      await log.record({
        type: 'credential.created',
        actor: { id: 1, name: 'ann', ip: '::1' },
        target: { type: 'a', id: 'b' },
        action,
      })
    }

    const query = tampering[name]
    if (query !== undefined) await database.write(transaction => query.execute(transaction))
    const { valid } = await log.verify(name === 'verify-subrange' ? { from: 2 } : {})

    expect(Object.keys(tampering)).toContain(name)
    expect(valid).toBe(query === undefined)
  })
})
