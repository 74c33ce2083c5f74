import type { SecretProvider } from '../contract/secret-provider.ts'

/** File of the first provider that has one, else the document's default (requirement R32). */
export function secretsFilePath(providers: readonly SecretProvider[]): string {
  const paths = providers.map(filePathOf)
  return paths.find(path => path !== undefined) ?? defaultPath()
}

function defaultPath(): string {
  // Loaded when they are needed; importing them would make every start longer.
  const [os, path] = [process.getBuiltinModule('node:os'), process.getBuiltinModule('node:path')]
  return path.join(os.homedir(), '.simpletuner', 'secrets.json')
}

function filePathOf(provider: SecretProvider): string | undefined {
  try {
    const path: unknown = provider.describe?.().filePath
    return typeof path === 'string' ? path : undefined
  } catch {
    // It has none to tell of.
    return undefined
  }
}
