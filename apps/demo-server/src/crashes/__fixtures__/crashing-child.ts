import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { AuditLog } from '../../audit/audit-log.ts'
import { AuditedWrites } from '../../audit/audited-writes.ts'
import { loadAuditKey } from '../../audit/audit-key.ts'
import { settleAuditKey } from '../../backup/audit-key-file.ts'
import { Credentials } from '../../credentials/credentials.ts'
import { openDatabase } from '../../database/open-database.ts'
import { ChangingKey } from '../../key-rotation/changing-key.ts'
import { KeyFiles } from '../../key-rotation/key-files.ts'
import { KeyRotation } from '../../key-rotation/key-rotation.ts'
import { Refusal } from '../../refusal.ts'

/**
 * A process of its own that writes until it is killed: `crashing-child.ts FOLDER writes|rotation|backup|restore|nothing`.
 * What it has written durably it says, a line each.
 */
const [folder = '', mode] = process.argv.slice(2)
const database = await openDatabase(join(folder, 'demo.db'))
await settleAuditKey(join(folder, 'audit.key'), database)
const log = new AuditLog(database, await loadAuditKey(join(folder, 'audit.key')))
const writes = new AuditedWrites(database, log)
const key = await ChangingKey.open({ database, source: new KeyFiles(join(folder, 'credential.key')) })
const actor = { name: 'child' }

if (mode === 'rotation') await rotateForEver()
else if (mode === 'writes') await writeForEver()
else if (mode === 'backup') await backUpForEver()
else if (mode === 'restore') await restoreForEver()
else await database.close()

async function writeForEver(): Promise<void> {
  const credentials = new Credentials({ database, writes, ciphers: key })
  for (let index = 0; ; index += 1) {
    const name = `${process.pid}-${index}`
    await credentials.set({ userId: 1, provider: 'p', name }, { value: `value of ${name}` }, actor)
    say(name)
    if (index % 3 === 2)
      await credentials.set({ userId: 1, provider: 'p', name }, { value: `second value of ${name}` }, actor)
  }
}

async function rotateForEver(): Promise<void> {
  say('ready')
  const rotation = new KeyRotation({ database, writes, key, batchSize: 7 })
  for (;;) if ((await rotation.resume()) === undefined) await rotation.begin(actor).catch(ignoreRefusal)
}

/** Another process may have begun in between. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

async function backUpForEver(): Promise<void> {
  // Not loaded by those that do something else: most of what a trial takes is the start.
  const { backupWorld } = await import('../../backup/__fixtures__/backup-world.ts')
  const { createBackup } = await import('../../backup/create-backup.ts')
  const world = await backupWorld(database, {}, folder)
  say('ready')
  for (let index = 0; ; index += 1) {
    const file = join(folder, `${process.pid}-${index}.backup`)
    await createBackup(file, world, { actor })
    say(file)
  }
}

/** One after the other, each of them with keys of its own. */
async function restoreForEver(): Promise<void> {
  const { backupWorld } = await import('../../backup/__fixtures__/backup-world.ts')
  const { restoreBackup } = await import('../../backup/restore-backup.ts')
  say('ready')
  for (let index = process.pid; ; index += 1) {
    // Under the key of the log that was restored last.
    const world = await backupWorld(database, {}, folder)
    const file = join(folder, `${index % 2 === 0 ? 'even' : 'odd'}.backup`)
    await restoreBackup(file, world, { actor, mayReplaceLog: true })
    say(file)
  }
}

function say(text: string): void {
  writeSync(1, `${text}\n`)
}
