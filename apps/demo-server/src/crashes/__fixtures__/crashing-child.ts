import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { AuditLog } from '../../audit/audit-log.ts'
import { AuditedWrites } from '../../audit/audited-writes.ts'
import { loadAuditKey } from '../../audit/audit-key.ts'
import { Credentials } from '../../credentials/credentials.ts'
import { openDatabase } from '../../database/open-database.ts'
import { ChangingKey } from '../../key-rotation/changing-key.ts'
import { KeyFiles } from '../../key-rotation/key-files.ts'
import { KeyRotation } from '../../key-rotation/key-rotation.ts'

/**
 * A process of its own that writes until it is killed: `crashing-child.ts FOLDER writes|rotation|nothing`. What it has written
 * durably it says, a line each.
 */
const [folder = '', mode] = process.argv.slice(2)
const database = await openDatabase(join(folder, 'demo.db'))
const log = new AuditLog(database, await loadAuditKey(join(folder, 'audit.key')))
const writes = new AuditedWrites(database, log)
const key = await ChangingKey.load(new KeyFiles(join(folder, 'credential.key')))
const actor = { name: 'child' }

if (mode === 'rotation') await rotateForEver()
else if (mode === 'writes') await writeForEver()
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
  for (;;) {
    const context = { database, writes, batchSize: 7 }
    if ((await key.resume(context)) === undefined) await key.begin(new KeyRotation({ ...context, ciphers: key }), actor)
  }
}

function say(text: string): void {
  writeSync(1, `${text}\n`)
}
