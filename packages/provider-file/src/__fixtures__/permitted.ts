import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { DirectorySecretProvider, FileSecretProvider } from '../index.ts'

/** Reads and writes in a directory that this process may use, and in one that it may not. */
for (const directory of process.argv.slice(2)) {
  const provider = new FileSecretProvider({
    filePath: join(directory, 'secrets.json'),
    insecurePermissions: 'refuse',
  })
  const mounted = new DirectorySecretProvider({ directory })
  for (const run of [
    () => provider.setSecret('A', '1'),
    () => provider.getSecret('A'),
    async () => provider.getSecretSync('A'),
    () => mounted.getSecret('ABSENT'),
    async () => (await provider.checkHealth()).status,
    () => provider.deleteSecret('A'),
  ]) {
    const outcome: unknown = await run().catch((error: unknown) => (SecretError.isInstance(error) ? error.kind : error))
    process.stdout.write(`${String(outcome)}\n`)
  }
}
