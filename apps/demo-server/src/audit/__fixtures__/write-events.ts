import { openDatabase } from '../../database/open-database.ts'
import { AuditKey } from '../audit-key.ts'
import { AuditLog } from '../audit-log.ts'

/** A process of its own that writes events into the database at a place: `write-events.ts LOCATION COUNT`. */
const [location = '', count] = process.argv.slice(2)
await using database = await openDatabase(location, { lockWait: 60 })
const log = new AuditLog(database, new AuditKey(Buffer.from('audit-key')))
for (let index = 0; index < Number(count); index += 1) {
  await log.record({ type: 'secret.set', actor: { id: process.pid }, action: `Event ${index}` })
}
