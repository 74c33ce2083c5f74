import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'

let library: typeof Yaml | undefined

/** Loads the parser of YAML, which most programs never need: seventy files, a fifth of the start of a command. */
export async function loadYaml(): Promise<void> {
  library ??= await import('yaml')
}

/**
 * The parser of YAML. Loads it now when nothing has before, as reading without waiting must; bundlers do not see that,
 * so whoever can wait calls {@link loadYaml} first.
 */
export function yaml(): typeof Yaml {
  library ??= loadedNow()
  return library
}

function loadedNow(): typeof Yaml {
  // For Node the package is one CommonJS module, which is what `import` gives, too.
  return createRequire(import.meta.url)('yaml') as typeof Yaml
}
