import { jsonDocumentOf, type ProviderDocument } from '@st/secrets-core/provider'
import { dataOf, hasWarnings, isObject, type VaultAnswer } from './vault-answer.ts'
import { answerFailure, type FailedRequest, locationFailure, shapeFailure } from './vault-failure.ts'

/** An answer, and what was asked. */
export interface Asked {
  readonly answer: VaultAnswer
  readonly request: FailedRequest
}

/** A secret's place in an engine whose version is known. */
export interface KvLocation {
  readonly version: 1 | 2
  readonly mount: string
  readonly path: string
}

/** What an answer at version 2's path says about the engine's version. */
export type Version2Verdict =
  /** It is version 2; the answer has the document, or says that it is deleted. */
  | 'yes'
  /** It looks like version 2, and a document in version 1 can be made to look like that. */
  | 'perhaps'
  /** Nothing is there, in either version. */
  | 'nothing'
  /** It is a document, and not one of version 2. */
  | 'no'

/** The path below `/v1/` of a location. */
export function apiPathOf({ version, mount, path }: KvLocation): string {
  return version === 2 ? `${mount}/data/${path}` : `${mount}/${path}`
}

/**
 * Where the server says that a path is, from its answer about the path's mount.
 *
 * @throws SecretError when the mount is no KV engine or the answer does not fit the path.
 */
export function locationOf(asked: Asked, fullPath: string): KvLocation {
  const [type, mountPath, version] = [['type'], ['path'], ['options', 'version']].map(at => dataOf(asked.answer, ...at))
  if (typeof type !== 'string' || typeof mountPath !== 'string') throw shapeFailure(asked.answer, asked.request)
  // `generic` is what servers called version 1 before it was named so.
  if (type !== 'kv' && type !== 'generic') {
    const problem = `the engine mounted there is "${type}", which is no key-value engine`
    throw locationFailure(asked.request, problem, 'Check mountPoint or SIMPLETUNER_VAULT_MOUNT.')
  }
  // Mounts may have slashes: the server knows best where the mount ends and the path begins.
  const mount = mountPath.replace(/\/$/, '')
  if (!fullPath.startsWith(`${mount}/`)) throw shapeFailure(asked.answer, asked.request)
  // A mount that was made without a version has none and is version 1.
  return { version: version === '2' ? 2 : 1, mount, path: fullPath.slice(mount.length + 1) }
}

/**
 * Judges an answer at version 2's path.
 *
 * @throws SecretError when it is a refusal or a failure, which say nothing about the version.
 */
export function judgeVersion2({ answer, request }: Asked): Version2Verdict {
  const metadata = dataOf(answer, 'metadata')
  if (answer.status === 404 && isObject(metadata)) return 'yes'
  if (saysNothingThere(answer)) return 'nothing'
  if (answer.status !== 200) throw answerFailure(answer, request)
  if (!isObject(metadata)) return isObject(dataOf(answer)) ? 'no' : refuseShape(answer, request)
  return 'version' in metadata && 'created_time' in metadata ? 'yes' : 'perhaps'
}

/**
 * The document in an answer, without values and with a reason when its version is deleted or destroyed; `undefined` when
 * the answer says that there is none.
 *
 * @throws SecretError when it is a refusal, a failure, or not of this version.
 */
export function documentOf({ answer, request }: Asked, version: 1 | 2): ProviderDocument | undefined {
  if (answer.status === 200)
    return version === 2 ? versionedDocumentOf(answer, request) : plainDocumentOf(answer, request)
  if (answer.status !== 404) throw answerFailure(answer, request)
  if (version === 2 && isObject(dataOf(answer, 'metadata'))) return removedDocumentOf(answer, request)
  if (version === 1 && hasWarnings(answer)) {
    const problem = 'the engine mounted there is of version 2'
    throw locationFailure(request, problem, "Set kvVersion to 2 or 'auto'.")
  }
  if (saysNothingThere(answer)) return undefined
  throw answerFailure(answer, request)
}

/** Whether a 404 is Vault's word that nothing is there: it says nothing else, such as that a mount does not exist. */
export function saysNothingThere({ status, body }: VaultAnswer): boolean {
  const errors = isObject(body) ? body['errors'] : undefined
  return status === 404 && Array.isArray(errors) && errors.length === 0
}

/** The number of the version in an answer of version 2, also when it is deleted; 0 when there is none. */
export function versionOf(answer: VaultAnswer): number {
  const number = Number(dataOf(answer, 'metadata', 'version'))
  return Number.isSafeInteger(number) ? number : 0
}

function versionedDocumentOf(answer: VaultAnswer, request: FailedRequest): ProviderDocument {
  const [data, metadata] = [dataOf(answer, 'data'), dataOf(answer, 'metadata')]
  if (!isObject(metadata)) throw shapeFailure(answer, request)
  if (data === null) return removedDocumentOf(answer, request)
  const { version, created_time: createdTime } = metadata
  // Versions count from 1 again after a secret was removed with its history; with the time they are unique.
  const isUnique = typeof version === 'string' && typeof createdTime === 'string'
  return { ...valuesOf(data, request), version: isUnique ? `${version}@${createdTime}` : undefined }
}

/** It has no version id, as one that is restored has the same one with other values. */
function removedDocumentOf(answer: VaultAnswer, { path: locator }: FailedRequest): ProviderDocument {
  const isDestroyed = dataOf(answer, 'metadata', 'destroyed') === true
  return { values: new Map(), locator, detail: isDestroyed ? 'destroyed' : 'deleted' }
}

function plainDocumentOf(answer: VaultAnswer, request: FailedRequest): ProviderDocument {
  return valuesOf(dataOf(answer), request)
}

function valuesOf(data: unknown, { provider, path }: FailedRequest): ProviderDocument {
  return { ...jsonDocumentOf(data, { subject: `Vault path "${path}"`, provider }), locator: path }
}

function refuseShape(answer: VaultAnswer, request: FailedRequest): never {
  throw shapeFailure(answer, request)
}
