import type { NamedHealth, SecretsManager } from '@st/secrets-core'
import { TTLCache } from '@st/ttl-cache'
import { Refusal } from '../refusal.ts'
import type { ProviderWatch } from './provider-watch.ts'

/** What a provider says of itself, and when. */
export interface CheckedProvider extends NamedHealth {
  /** ISO 8601, UTC. */
  readonly checkedAt: string
}

/** What the checks work with. */
export interface ProviderChecksContext {
  readonly secrets: SecretsManager
  readonly watch: ProviderWatch
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** For how many seconds a report is good: whoever looks often does not ask the sources each time. */
const keptFor = 10

/** Asks the providers how they are, each with the deadline that the manager has for it. */
export class ProviderChecks {
  readonly #secrets: SecretsManager
  readonly #watch: ProviderWatch
  readonly #now: () => Date
  readonly #reports = new TTLCache<readonly CheckedProvider[]>({ name: 'providers.health', defaultTtl: keptFor })

  constructor({ secrets, watch, now = () => new Date() }: ProviderChecksContext) {
    this.#secrets = secrets
    this.#watch = watch
    this.#now = now
  }

  /**
   * All of them, in the order of the chain.
   *
   * @param isNow - Whether they are asked now. Default: a report may be 10 seconds old.
   */
  all(isNow = false): Promise<readonly CheckedProvider[]> {
    return this.#reports.getOrSetAsync('all', () => this.#check(), { fresh: isNow })
  }

  /** One of them. @throws Refusal `PROVIDER_NOT_FOUND` */
  async one(provider: string, isNow = false): Promise<CheckedProvider> {
    const { providers } = this.#secrets.stats()
    const isKnown = providers.some(known => known.provider === provider)
    const found = isKnown ? (await this.all(isNow)).find(report => report.provider === provider) : undefined
    if (found !== undefined) return found
    throw new Refusal('not_found', 'PROVIDER_NOT_FOUND', 'There is no such provider of secrets.')
  }

  async #check(): Promise<readonly CheckedProvider[]> {
    const reports = await this.#secrets.checkHealth()
    for (const { provider, status, kind, latencyMs } of reports) {
      if (status === 'failed') this.#watch.noteFailure(provider, kind ?? 'internal')
      else if (status !== 'not_configured') this.#watch.noteAnswer(provider, latencyMs)
    }
    const checkedAt = this.#now().toISOString()
    return reports.map(report => Object.assign({ checkedAt }, report))
  }
}
