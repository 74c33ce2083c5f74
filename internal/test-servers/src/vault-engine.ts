import type { Answer } from './answer.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'

/** What reaches an engine: the path inside its mount. */
export interface EngineRequest {
  readonly method: string
  /** Decoded, without the mount and without a slash in front. */
  readonly path: string
  readonly body: string
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

/** Version 1: any path, any object, one copy. */
export class KeyValueEngine implements VaultEngine {
  readonly type = 'kv'
  readonly options: VaultEngine['options']
  readonly #documents = new Map<string, unknown>()

  /** @param options - Those of the mount; a mount made without a version has none. */
  constructor(options: VaultEngine['options'] = { version: '1' }) {
    this.options = options
  }

  answer({ method, path, body }: EngineRequest): Answer {
    if (method === 'GET') {
      const data = this.#documents.get(path)
      return data === undefined ? vaultRefusals.missing : vaultAnswer(data, { leaseDuration: 2_764_800 })
    }
    if (method === 'DELETE') {
      this.#documents.delete(path)
      return { status: 204 }
    }
    return this.#write(path, body)
  }

  #write(path: string, body: string): Answer {
    // Unlike version 2 it keeps every digit of a number.
    const data = parseExactly(body)
    if (!isObject(data) || Object.keys(data).length === 0) return refusal(400, 'missing data fields')
    this.#documents.set(path, data)
    return { status: 204 }
  }
}

interface Version {
  data: unknown
  readonly createdTime: string
  deletionTime: string
  destroyed: boolean
}

const wrongPath =
  "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the OpenBao CLI, use 'bao kv get' for this operation."

/** Version 2: versions below `data/`, which can be deleted, undeleted and destroyed. */
export class VersionedKeyValueEngine implements VaultEngine {
  readonly type = 'kv'
  readonly options: VaultEngine['options'] = { version: '2' }
  readonly #versions = new Map<string, Version[]>()

  answer({ method, path, body }: EngineRequest): Answer {
    const [, operation, name = ''] = /^(data|undelete|destroy)\/(.*)$/s.exec(path) ?? []
    if (operation === 'undelete' || operation === 'destroy') return this.#changeAll(operation, name)
    if (operation !== 'data') return vaultAnswer(null, { status: 404, warnings: [wrongPath] })
    if (method === 'GET') return this.#read(name)
    if (method === 'DELETE') return this.#delete(name)
    return this.#write(name, body)
  }

  #read(name: string): Answer {
    if (name.endsWith('/')) return refusal(500, '1 error occurred:\n\t* could not find version data\n\n')
    const version = this.#versions.get(name)?.at(-1)
    if (version === undefined) return vaultRefusals.missing
    const metadata = this.#metadataOf(name, version)
    if (version.deletionTime !== '' || version.destroyed) return vaultAnswer({ data: null, metadata }, { status: 404 })
    return vaultAnswer({ data: version.data, metadata })
  }

  #write(name: string, body: string): Answer {
    const content = parse(body)
    if (content === undefined) return refusal(400, 'error parsing JSON')
    if (!isObject(content) || !isObject(content['data'])) return refusal(400, 'no data provided')
    const version = { data: content['data'], createdTime: now(), deletionTime: '', destroyed: false }
    this.#versions.set(name, [...(this.#versions.get(name) ?? []), version])
    return vaultAnswer(this.#metadataOf(name, version))
  }

  #delete(name: string): Answer {
    const latest = this.#versions.get(name)?.at(-1)
    if (latest) latest.deletionTime = now()
    return { status: 204 }
  }

  #changeAll(operation: 'undelete' | 'destroy', name: string): Answer {
    for (const version of this.#versions.get(name) ?? []) {
      version.deletionTime = ''
      if (operation === 'destroy') Object.assign(version, { destroyed: true, data: null })
    }
    return { status: 204 }
  }

  #metadataOf(name: string, version: Version): object {
    return {
      created_time: version.createdTime,
      custom_metadata: null,
      deletion_time: version.deletionTime,
      destroyed: version.destroyed,
      version: (this.#versions.get(name) ?? []).indexOf(version) + 1,
    }
  }
}

let latestNanoseconds = 0

/** The time as the server writes it; never the same twice. */
function now(): string {
  latestNanoseconds = (latestNanoseconds + 1) % 1_000_000
  return new Date().toISOString().replace('Z', `${String(latestNanoseconds).padStart(6, '0')}Z`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Numbers become objects that `JSON.stringify` writes with the same digits; Node has both ends since 21. */
function parseExactly(text: string): unknown {
  // TypeScript's library does not know `rawJSON` yet.
  const { rawJSON } = JSON as typeof JSON & { readonly rawJSON: (this: void, source: string) => unknown }
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source ? rawJSON(context.source) : value
  try {
    return JSON.parse(text, keepDigits)
  } catch {
    return undefined
  }
}
