import { writeSync } from 'node:fs'
import { FileSecretProvider } from '../file-secret-provider.ts'

/** Stores `PREFIX_0`, `PREFIX_1`, … one after the other, and says each number once it is stored. */
const [filePath, prefix, count] = process.argv.slice(2)
const provider = new FileSecretProvider({ filePath })
for (let index = 0; index < Number(count); index += 1) {
  await provider.setSecret(`${prefix}_${index}`, `value of ${prefix} ${index}`)
  writeSync(1, `${index}\n`)
}
