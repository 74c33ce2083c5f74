import { writeSync } from 'node:fs'
import { SecretError } from '@st/secrets-core/provider'
import { FileSecretProvider } from '../file-secret-provider.ts'
import { valueOf } from './written-value.ts'

/**
 * Stores `PREFIX_first`, `PREFIX_first+1`, … up to `PREFIX_last`, or with the word `one` one value after the other under
 * `PREFIX`, and says each number once it is stored.
 */
const [filePath, prefix = '', first, last, keys] = process.argv.slice(2)
const provider = new FileSecretProvider({ filePath })
for (let index = Number(first); index <= Number(last); index += 1) {
  await store(keys === 'one' ? prefix : `${prefix}_${index}`, valueOf(prefix, index))
  writeSync(1, `${index}\n`)
}

/** As a manager does, tries again what may succeed. */
async function store(key: string, value: string): Promise<void> {
  for (;;) {
    try {
      return await provider.setSecret(key, value)
    } catch (error) {
      if (!SecretError.isInstance(error) || !(error.transient || error.kind === 'conflict')) throw error
    }
  }
}
