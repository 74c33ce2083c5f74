import type { SecretProvider } from '@st/secrets-core'

/** File that the named provider reads and writes; `null` where it is none. */
export function filePathOf(providers: readonly SecretProvider[], name: string): string | null {
  return providers.find(one => one.name === name)?.describe?.().filePath ?? null
}
