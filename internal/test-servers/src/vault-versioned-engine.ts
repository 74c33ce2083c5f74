import type { Answer } from './answer.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
import { type EngineRequest, listed, type VaultEngine } from './vault-engine.ts'
import { isObject, parseRounding } from './vault-json.ts'

interface Version {
  data: Readonly<Record<string, unknown>> | null
  readonly createdTime: string
  deletionTime: string
  destroyed: boolean
}

const wrongPath =
  "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the OpenBao CLI, use 'bao kv get' for this operation."

const noInteger =
  "Field validation failed: error converting input for field \"version\": '' cannot parse value as 'int': strconv.ParseInt: invalid syntax"

/** Version 2: versions below `data/`, which can be patched, deleted, undeleted and destroyed. */
export class VersionedKeyValueEngine implements VaultEngine {
  readonly type = 'kv'
  readonly options: VaultEngine['options'] = { version: '2' }
  /** Secrets that are only written with the number of the version that they replace. */
  readonly checkAndSet: Set<string> = new Set()
  readonly #versions = new Map<string, Version[]>()

  answer(request: EngineRequest): Answer {
    const [, operation, name = ''] = /^(data|undelete|destroy|metadata)(?:\/(.*))?$/s.exec(request.path) ?? []
    if (operation === undefined) return vaultAnswer(null, { status: 404, warnings: [wrongPath] })
    if (operation === 'metadata') return this.#answerMetadata(request.method, name)
    return operation === 'data' ? this.#answerData(request, name) : this.#changeAll(operation, name)
  }

  #answerData({ method, body, query }: EngineRequest, name: string): Answer {
    if (method === 'GET') return this.#read(name, query?.get('version') ?? '0')
    if (method === 'PATCH') return this.#patch(name, body)
    if (method === 'DELETE') return this.#delete(name)
    return method === 'POST' || method === 'PUT' ? this.#write(name, body) : vaultRefusals.unsupportedOperation
  }

  #answerMetadata(method: string, name: string): Answer {
    if (method === 'LIST') {
      const keys = listed(this.#versions.keys(), name)
      return keys.length > 0 ? vaultAnswer({ keys }) : vaultRefusals.missing
    }
    if (method !== 'GET') return vaultRefusals.unsupportedOperation
    const versions = this.#versions.get(name)
    return versions === undefined ? vaultRefusals.missing : vaultAnswer(historyOf(versions, this.checkAndSet.has(name)))
  }

  #read(name: string, number: string): Answer {
    if (name.endsWith('/')) return refusal(500, '1 error occurred:\n\t* could not find version data\n\n')
    if (!/^\d+$/.test(number)) return refusal(400, noInteger)
    const version = this.#versions.get(name)?.at(Number(number) - 1)
    if (version === undefined) return vaultRefusals.missing
    const metadata = this.#metadataOf(name, version)
    if (version.deletionTime !== '' || version.destroyed) return vaultAnswer({ data: null, metadata }, { status: 404 })
    return vaultAnswer({ data: version.data, metadata })
  }

  #write(name: string, body: string): Answer {
    const content = parseRounding(body)
    if (content === undefined) return refusal(400, 'error parsing JSON')
    if (!isObject(content) || !isObject(content['data'])) return refusal(400, 'no data provided')
    return this.#refusalOfCheck(name, content) ?? this.#append(name, content['data'])
  }

  /** RFC 7396, without members of members. */
  #patch(name: string, body: string): Answer {
    const content = parseRounding(body)
    if (!isObject(content) || !isObject(content['data'])) return refusal(400, 'no data provided')
    const latest = this.#versions.get(name)?.at(-1)
    if (!latest?.data || latest.deletionTime !== '') return { status: 404, body: '' }
    const merged = Object.entries({ ...latest.data, ...content['data'] }).filter(([, value]) => value !== null)
    return this.#refusalOfCheck(name, content) ?? this.#append(name, Object.fromEntries(merged))
  }

  #refusalOfCheck(name: string, { options }: Readonly<Record<string, unknown>>): Answer | undefined {
    const expected = isObject(options) ? options['cas'] : undefined
    if (expected === undefined) {
      const required = 'check-and-set parameter required for this call'
      return this.checkAndSet.has(name) ? refusal(400, required) : undefined
    }
    const current = this.#versions.get(name)?.length ?? 0
    if (Number(expected) === current) return undefined
    return refusal(400, 'check-and-set parameter did not match the current version')
  }

  #append(name: string, data: Version['data']): Answer {
    const version = { data, createdTime: now(), deletionTime: '', destroyed: false }
    this.#versions.set(name, [...(this.#versions.get(name) ?? []), version])
    return vaultAnswer(this.#metadataOf(name, version))
  }

  #delete(name: string): Answer {
    const latest = this.#versions.get(name)?.at(-1)
    if (latest) latest.deletionTime = now()
    return { status: 204 }
  }

  #changeAll(operation: string, name: string): Answer {
    for (const version of this.#versions.get(name) ?? []) {
      version.deletionTime = ''
      if (operation === 'destroy') Object.assign(version, { destroyed: true, data: null })
    }
    return { status: 204 }
  }

  #metadataOf(name: string, version: Version): object {
    return {
      ...timesOf(version),
      custom_metadata: null,
      version: (this.#versions.get(name) ?? []).indexOf(version) + 1,
    }
  }
}

function historyOf(versions: readonly Version[], checksAndSets: boolean): object {
  return {
    cas_required: checksAndSets,
    created_time: versions.at(0)?.createdTime,
    current_metadata_version: 0,
    current_version: versions.length,
    custom_metadata: null,
    delete_version_after: '0s',
    max_versions: 0,
    metadata_cas_required: false,
    oldest_version: 0,
    updated_time: versions.at(-1)?.createdTime,
    versions: Object.fromEntries(versions.map((version, index) => [index + 1, timesOf(version)])),
  }
}

function timesOf({ createdTime, deletionTime, destroyed }: Version): object {
  return { created_time: createdTime, deletion_time: deletionTime, destroyed }
}

let latestNanoseconds = 0

/** The time as the server writes it; never the same twice. */
function now(): string {
  latestNanoseconds = (latestNanoseconds + 1) % 1_000_000
  const nanoseconds = String(latestNanoseconds).padStart(6, '0')
  return new Date().toISOString().replace('Z', `${nanoseconds}Z`).replace(/0+Z$/, 'Z')
}
