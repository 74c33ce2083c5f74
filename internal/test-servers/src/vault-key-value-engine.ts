import type { Answer } from './answer.ts'
import { refusal, vaultAnswer, vaultRefusals } from './vault-answers.ts'
import { type EngineRequest, listed, type VaultEngine } from './vault-engine.ts'
import { isObject, parseExactly } from './vault-json.ts'

const defaultLeaseSeconds = 2_764_800

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
      return data === undefined ? vaultRefusals.missing : vaultAnswer(data, { leaseDuration: defaultLeaseSeconds })
    }
    if (method === 'LIST') {
      const keys = listed(this.#documents.keys(), path)
      return keys.length > 0 ? vaultAnswer({ keys }) : vaultRefusals.missing
    }
    if (method === 'DELETE') {
      this.#documents.delete(path)
      return { status: 204 }
    }
    return method === 'POST' || method === 'PUT' ? this.#write(path, body) : vaultRefusals.unsupportedOperation
  }

  #write(path: string, body: string): Answer {
    // Unlike version 2 it keeps every digit of a number.
    const data = parseExactly(body)
    if (!isObject(data) || Object.keys(data).length === 0) return refusal(400, 'missing data fields')
    this.#documents.set(path, data)
    return { status: 204 }
  }
}
