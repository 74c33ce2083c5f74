import type { Answer } from './answer.ts'
import { vaultRefusals } from './vault-answers.ts'

/** What reaches an engine: the path inside its mount. */
export interface EngineRequest {
  /** `LIST` for a `GET` that asks for a list, too. */
  readonly method: string
  /** Decoded, without the mount and without a slash in front. */
  readonly path: string
  readonly body: string
  /** Parameters of the query. Default: none. */
  readonly query?: URLSearchParams
}

/** What answers below a mount. */
export interface VaultEngine {
  /** As the server names it: `kv`, `transit`. */
  readonly type: string
  /** As the server shows them: a mount made without a version has none, some engines have null. */
  readonly options: Readonly<Record<string, string>> | null
  answer(request: EngineRequest): Answer
}

/** An engine that holds no secrets. */
export class OtherEngine implements VaultEngine {
  readonly type: string
  readonly options: VaultEngine['options']

  constructor(type: string, options: VaultEngine['options'] = {}) {
    this.type = type
    this.options = options
  }

  answer(): Answer {
    return vaultRefusals.missing
  }
}

/** The names directly below a folder; a folder below it ends with a slash. */
export function listed(names: Iterable<string>, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder.replace(/\/$/, '')}/`
  const below = [...names].filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
  return [...new Set(below.map(name => name.replace(/\/.*$/s, '/')))].toSorted()
}
