import { rotateFile } from '../rotate-file.ts'
import { rotateSqlite } from '../rotate-sqlite.ts'
import { noContext } from '../row-context.ts'
import { testCiphers } from './keys.ts'

/**
 * Rotates the tokens of a file and of a database, both named by the command line, and says so at each step: in a process
 * of its own, so that it can be stopped or killed anywhere, and be given no room.
 */
const [file = '', database = ''] = process.argv.slice(2)
// As the command does: a limit on the size of files is then an error like any other.
process.on('SIGXFSZ', () => undefined)
const options = { ciphers: await testCiphers(), context: noContext }
process.stdout.write('ready\n')
try {
  if (file !== '') await rotateFile({ path: file, type: 'ndjson', member: 'token', delimiter: ',' }, options)
  if (database !== '') await rotateSqlite({ path: database, table: 'credentials', column: 'token' }, options)
  process.stdout.write('done\n')
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error), ...Object(error) })}\n`)
}
