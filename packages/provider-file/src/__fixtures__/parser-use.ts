// Says, after each step, whether the parser of YAML has been loaded: parser-use.ts FOLDER sync|async.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { FileSecretProvider } from '../file-secret-provider.ts'

const [folder = '', way] = process.argv.slice(2)
const { cache } = createRequire(import.meta.url)
const steps: unknown[] = []

function isLoaded(): boolean {
  return Object.keys(cache).some(path => /[\\/]yaml[\\/]dist[\\/]/.test(path))
}

async function read(name: string): Promise<void> {
  const provider = new FileSecretProvider({ filePath: join(folder, name) })
  steps.push(way === 'sync' ? provider.getSecretSync('KEY') : await provider.getSecret('KEY'), isLoaded())
}

for (const name of ['values.json', 'absent.yaml', 'values.yaml']) await read(name)
process.stdout.write(JSON.stringify(steps))
