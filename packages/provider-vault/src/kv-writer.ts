import { parseLosslessJson } from '@st/secrets-core/provider'
import { apiPathOf, type Asked, documentOf, type KvLocation, versionOf } from './kv-answer.ts'
import type { KvReader } from './kv-reader.ts'
import { errorsOf, isObject, type VaultAnswer } from './vault-answer.ts'
import type { AuthorizedRequest, VaultConnection } from './vault-connection.ts'
import { answerFailure, conflictFailure, locationFailure, refusesToken } from './vault-failure.ts'
import { encodePath } from './vault-path.ts'

type Members = Readonly<Record<string, unknown>>

/** A document as it is stored, for storing it again. */
interface StoredDocument {
  /** Numbers as they are written; `undefined` when there is none or it is deleted. */
  readonly members: Members | undefined
  /** In version 2; 0 when there has never been one. */
  readonly version: number
}

/**
 * Changes keys of one path.
 *
 * Version 2 changes one key by itself (`PATCH`). Where that is not to be had (an old server, a token without `patch`, no
 * secret yet, a mount that insists on check-and-set), and in version 1, the document is read and stored with the change:
 * in version 2 only if it is still the one that was read, which version 1 cannot tell.
 */
export class KvWriter {
  readonly #connection: VaultConnection
  readonly #reader: KvReader

  constructor(connection: VaultConnection, reader: KvReader) {
    this.#connection = connection
    this.#reader = reader
  }

  /**
   * Stores a value.
   *
   * @throws SecretError of kind `conflict` when somebody else changed the document at the same time.
   */
  async set(key: string, value: string, signal: AbortSignal): Promise<void> {
    const location = await this.#locate(signal)
    if (location.version === 2 && (await this.#patch(location, { [key]: value }, signal))) return
    const { members, version } = await this.#stored(location, signal)
    await this.#store(location, { members: { ...members, [key]: value }, version }, signal)
  }

  /**
   * Removes a key.
   *
   * @returns Whether there is a document to remove it from.
   * @throws SecretError as `set`.
   */
  async remove(key: string, signal: AbortSignal): Promise<boolean> {
    const location = await this.#locate(signal)
    const { members, version } = await this.#stored(location, signal)
    if (members === undefined) return false
    if (!Object.hasOwn(members, key)) return true
    if (location.version === 2 && (await this.#patch(location, { [key]: null }, signal))) return true
    const others = Object.fromEntries(Object.entries(members).filter(([name]) => name !== key))
    await this.#store(location, { members: others, version }, signal)
    return true
  }

  async #locate(signal: AbortSignal): Promise<KvLocation> {
    const location = await this.#reader.locate(signal)
    if (location) return location
    const { provider } = this.#connection
    const problem = 'the server does not tell which version its engine is'
    throw locationFailure({ provider, path: this.#reader.path, isWrite: true }, problem, 'Set kvVersion to 1 or 2.')
  }

  /** Changes one member; `false` when that cannot be done. */
  async #patch(location: KvLocation, data: Members, signal: AbortSignal): Promise<boolean> {
    const { answer, request } = await this.#send(location, { method: 'PATCH', body: { data }, signal })
    if (isDone(answer)) return true
    if (isPatchLacking(answer)) return false
    throw answerFailure(answer, request)
  }

  async #stored(location: KvLocation, signal: AbortSignal): Promise<StoredDocument> {
    const asked = await this.#reader.ask(location, signal)
    const document = documentOf(asked, location.version)
    const { answer } = asked
    const version = versionOf(answer)
    if (!document || document.detail) return { members: undefined, version }
    // That it is an object with these members has just been seen.
    const { data } = parseLosslessJson(answer.text ?? '') as { readonly data: Members }
    return { members: location.version === 2 ? (data['data'] as Members) : data, version }
  }

  async #store(location: KvLocation, { members = {}, version }: StoredDocument, signal: AbortSignal): Promise<void> {
    const asked = await this.#send(location, { ...storing(location, members, version), signal })
    const { answer, request } = asked
    if (isDone(answer)) return
    throw says(answer, 'did not match the current version')
      ? conflictFailure(answer, request)
      : answerFailure(answer, request)
  }

  async #send(location: KvLocation, request: Omit<AuthorizedRequest, 'path' | 'isWrite'>): Promise<Asked> {
    return this.#connection.ask({ ...request, path: encodePath(apiPathOf(location)), isWrite: true })
  }
}

function storing(
  { version: engine }: KvLocation,
  members: Members,
  version: number,
): Pick<AuthorizedRequest, 'method' | 'body'> {
  if (engine === 2) return { method: 'POST', body: { data: members, options: { cas: version } } }
  // Version 1 stores no empty document.
  return Object.keys(members).length > 0 ? { method: 'POST', body: members } : { method: 'DELETE' }
}

/** A page of a proxy is no success. */
function isDone({ status, body }: VaultAnswer): boolean {
  return status === 204 || (status === 200 && isObject(body))
}

/** Whether the document may still be stored as a whole, by what the server says to a patch. */
function isPatchLacking(answer: VaultAnswer): boolean {
  const { status } = answer
  if (status === 400) return says(answer, 'check-and-set parameter required')
  if (status === 403) return !refusesToken(answer)
  // What is not there is answered with an empty body.
  return status === 405 || status === 415 || (status === 404 && errorsOf(answer).length === 0)
}

function says(answer: VaultAnswer, text: string): boolean {
  return errorsOf(answer).some(error => error.includes(text))
}
