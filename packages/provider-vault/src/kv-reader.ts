import type { ProviderDocument } from '@st/secrets-core/provider'
import { apiPathOf, type Asked, documentOf, judgeVersion2, type KvLocation, locationOf } from './kv-answer.ts'
import type { VaultClient } from './vault-client.ts'
import { answerFailure, refusesToken } from './vault-failure.ts'
import { encodePath } from './vault-path.ts'
import type { VaultSettings } from './vault-settings.ts'

/** What is read. */
export interface KvReaderOptions extends Pick<VaultSettings, 'mountPoint' | 'path' | 'kvVersion'> {
  /** Name of the provider, for errors. */
  readonly provider: string
}

/**
 * Reads one path of a KV engine of either version.
 *
 * Which version it is, the server is asked (`sys/internal/ui/mounts`, which every token may, and which costs none of
 * its uses). Where it does not say, version 2 is tried, and version 1 only after an answer that version 2 does not give
 * for a secret. A refusal, a failure or a deleted secret never leads to version 1, and only what is certain is kept.
 */
export class KvReader {
  readonly #client: VaultClient
  readonly #options: KvReaderOptions
  #location: KvLocation | undefined

  constructor(client: VaultClient, options: KvReaderOptions) {
    this.#client = client
    this.#options = options
  }

  /** The document; `undefined` when there is none or its newest version is deleted or destroyed. */
  async read(signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const { mountPoint: mount, path, kvVersion } = this.#options
    if (kvVersion !== 'auto') return this.#readAt({ version: kvVersion, mount, path }, signal)
    this.#location ??= await this.#locate(signal)
    return this.#location ? this.#readAt(this.#location, signal) : this.#probe(signal)
  }

  /** Asks the server for the mount; `undefined` when it does not say: an old server, or one that sees no access. */
  async #locate(signal: AbortSignal): Promise<KvLocation | undefined> {
    const fullPath = `${this.#options.mountPoint}/${this.#options.path}`
    const asked = await this.#ask(`sys/internal/ui/mounts/${fullPath}`, signal)
    const { answer, request } = asked
    if (answer.status === 200) return locationOf(asked, fullPath)
    if (answer.status === 404 || (answer.status === 403 && !refusesToken(answer))) return undefined
    throw answerFailure(answer, request)
  }

  async #readAt(location: KvLocation, signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const asked = await this.#ask(apiPathOf(location), signal)
    // Another engine may have been mounted there in the meantime; the next read looks.
    if (asked.answer.status === 404) this.#location = undefined
    return documentOf(asked, location.version)
  }

  async #probe(signal: AbortSignal): Promise<ProviderDocument | undefined> {
    const { mountPoint: mount, path } = this.#options
    const second = await this.#ask(apiPathOf({ version: 2, mount, path }), signal)
    const verdict = judgeVersion2(second)
    if (verdict === 'yes') {
      this.#location = { version: 2, mount, path }
      return documentOf(second, 2)
    }
    const first = await this.#ask(apiPathOf({ version: 1, mount, path }), signal)
    const { answer, request } = first
    if (answer.status === 200) {
      this.#location = { version: 1, mount, path }
      return documentOf(first, 1)
    }
    // Version 2 answers its bare path with 404, or 403 where a policy names only what lies below `data/`.
    const fitsVersion2 = answer.status === 404 || (answer.status === 403 && !refusesToken(answer))
    if (!fitsVersion2 || (verdict === 'no' && answer.status === 403)) throw answerFailure(answer, request)
    return verdict === 'perhaps' ? documentOf(second, 2) : undefined
  }

  async #ask(path: string, signal: AbortSignal): Promise<Asked> {
    const request = { provider: this.#options.provider, path }
    return { request, answer: await this.#client.read(encodePath(path), signal) }
  }
}
