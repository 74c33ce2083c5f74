import { isDeepStrictEqual } from 'node:util'
import type { ProviderDocument, VersionLookup } from '@st/secrets-core/provider'
import {
  apiPathOf,
  type Asked,
  documentOf,
  judgeVersion2,
  type KvLocation,
  locationOf,
  saysNothingThere,
  versionOf,
} from './kv-answer.ts'
import { errorsOf, hasWarnings, type VaultAnswer } from './vault-answer.ts'
import type { VaultConnection } from './vault-connection.ts'
import { answerFailure, refusesToken } from './vault-failure.ts'
import { encodePath } from './vault-path.ts'
import type { SecretPlace } from './vault-settings.ts'

/**
 * Reads one path of a KV engine of either version.
 *
 * Which version it is, the server is asked (`sys/internal/ui/mounts`, which every token may, and which costs none of
 * its uses). Where it does not say, version 2 is tried, and version 1 only after an answer that version 2 does not give
 * for a secret. A refusal, a failure or a deleted secret never leads to version 1, and only what is certain is kept.
 */
export class KvReader {
  readonly #connection: VaultConnection
  readonly #place: SecretPlace
  #location: KvLocation | undefined

  constructor(connection: VaultConnection, place: SecretPlace) {
    this.#connection = connection
    this.#place = place
  }

  /** Mount and path, for people. */
  get path(): string {
    return `${this.#place.mountPoint}/${this.#place.path}`
  }

  /**
   * The document, without values and with a reason when its version is deleted or destroyed; `undefined` when there is
   * none, or no such version.
   */
  async read(
    { version, stage = 'current' }: VersionLookup,
    signal: AbortSignal,
  ): Promise<ProviderDocument | undefined> {
    if (version !== undefined) return this.#readVersion(version, signal)
    if (stage === 'current') return this.#readCurrent(signal)
    // Vault knows nothing of a version that is to come.
    return stage === 'previous' ? this.#readPrevious(signal) : undefined
  }

  /** Where the secret is, or would be if it were there; `undefined` when the server does not let on. */
  async locate(signal: AbortSignal): Promise<KvLocation | undefined> {
    const location = this.#known() ?? (await this.#preflight(signal))
    if (location) return location
    await this.#probe(signal)
    return this.#location
  }

  /** The answer about the secret at a location. */
  async ask(location: KvLocation, signal: AbortSignal, version?: number): Promise<Asked> {
    return this.#ask(encodePath(apiPathOf(location)) + (version === undefined ? '' : `?version=${version}`), signal)
  }

  async #readCurrent(signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const known = this.#known()
    const location = known ?? (await this.#preflight(signal))
    if (!location) return this.#probe(signal)
    const asked = await this.ask(location, signal)
    if (known && known === this.#location && isDoubtful(asked)) return this.#readAnew(asked, location, signal)
    return documentOf(asked, location.version)
  }

  /** Reads again where another engine was mounted in the meantime. */
  async #readAnew(asked: Asked, before: KvLocation, signal: AbortSignal): Promise<ProviderDocument | undefined> {
    this.#location = undefined
    if (asked.answer.status !== 404) return documentOf(asked, before.version)
    const location = await this.#preflight(signal)
    if (!location) return this.#probe(signal)
    const isSame = isDeepStrictEqual(location, before)
    return documentOf(isSame ? asked : await this.ask(location, signal), location.version)
  }

  async #readVersion(id: string, signal: AbortSignal): Promise<ProviderDocument | undefined> {
    // As documents have it, or the number alone. To Vault 0 is the newest.
    const [, number] = /^([1-9]\d{0,8})(?:@|$)/.exec(id) ?? []
    const location = number && (await this.locate(signal))
    if (!location || location.version === 1) return undefined
    const document = documentOf(await this.ask(location, signal, Number(number)), 2)
    return document?.detail || id === number || id === document?.version ? document : undefined
  }

  async #readPrevious(signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const location = await this.locate(signal)
    if (!location || location.version === 1) return undefined
    const current = await this.ask(location, signal)
    // It throws what the answer says that is neither a document nor the word that there is none.
    documentOf(current, 2)
    const previous = versionOf(current.answer) - 1
    return previous > 0 ? documentOf(await this.ask(location, signal, previous), 2) : undefined
  }

  #known(): KvLocation | undefined {
    const { mountPoint: mount, path, kvVersion } = this.#place
    return kvVersion === 'auto' ? this.#location : { version: kvVersion, mount, path }
  }

  /** Asks the server for the mount; `undefined` when it does not say: an old server, or one that sees no access. */
  async #preflight(signal: AbortSignal): Promise<KvLocation | undefined> {
    const asked = await this.#ask(`sys/internal/ui/mounts/${encodePath(this.path)}`, signal)
    const { answer, request } = asked
    if (answer.status === 200) return (this.#location = locationOf(asked, this.path))
    if (saysNothingThere(answer) || isUnsupported(answer) || isDenied(answer)) return undefined
    throw answerFailure(answer, request)
  }

  async #probe(signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const { mountPoint: mount, path } = this.#place
    const locations = { 1: { version: 1, mount, path }, 2: { version: 2, mount, path } } as const
    const second = await this.ask(locations[2], signal)
    const verdict = judgeVersion2(second)
    if (verdict === 'yes') {
      this.#location = locations[2]
      return documentOf(second, 2)
    }
    const first = await this.ask(locations[1], signal)
    const { answer, request } = first
    if (answer.status === 200) {
      this.#location = locations[1]
      return documentOf(first, 1)
    }
    // Version 2 answers its bare path with a warning, or 403 where a policy names only what lies below `data/`.
    const fitsVersion2 = saysNothingThere(answer) || (answer.status === 404 && hasWarnings(answer)) || isDenied(answer)
    if (!fitsVersion2 || (verdict === 'no' && answer.status === 403)) throw answerFailure(answer, request)
    return verdict === 'perhaps' ? documentOf(second, 2) : undefined
  }

  async #ask(path: string, signal: AbortSignal): Promise<Asked> {
    return this.#connection.ask({ path, signal })
  }
}

/** Whether a policy denies it, and the token itself is good. */
function isDenied(answer: VaultAnswer): boolean {
  return answer.status === 403 && !refusesToken(answer)
}

/** How servers answer that are too old for the question. */
function isUnsupported(answer: VaultAnswer): boolean {
  return answer.status === 404 && errorsOf(answer).some(text => text.includes('unsupported path'))
}

/** Whether an answer may come from another engine than the one that was there before. */
function isDoubtful({ answer }: Asked): boolean {
  const { status } = answer
  return status >= 400 && status < 500 && status !== 429 && versionOf(answer) === 0
}
