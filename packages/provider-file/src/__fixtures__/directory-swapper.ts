import { renameSync, symlinkSync, unlinkSync, writeSync } from 'node:fs'

/** Puts a link to an outside directory in the place of a directory, and takes it away again, until it is killed. */
const [directory = '', outside = ''] = process.argv.slice(2)
writeSync(1, 'ready\n')
for (;;) {
  renameSync(directory, `${directory}-away`)
  symlinkSync(outside, directory)
  unlinkSync(directory)
  renameSync(`${directory}-away`, directory)
}
