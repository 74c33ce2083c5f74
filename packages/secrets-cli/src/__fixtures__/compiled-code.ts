import { fileURLToPath } from 'node:url'

/** Where tests keep compiled code, which makes starting the program from source several times as fast. */
export function compiledCode(): string {
  return fileURLToPath(new URL('../../node_modules/.cache/compiled-code', import.meta.url))
}
