import { SecretError } from '../contract/secret-error.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import {
  answeredStep,
  type ChainAnswer,
  chainAnswer,
  type ChainStep,
  endsSearch,
  failedStep,
  searchedAnswer,
  skippedStep,
} from './chain-answer.ts'
import { ChainPass } from './chain-pass.ts'
import type { Epoch } from './epoch.ts'
import { asSecretError } from './guarded-provider.ts'
import type { ProviderAnswer } from './provider-answers.ts'
import type { ProviderLink } from './provider-link.ts'

/** Settings of a chain. */
export interface ChainOptions {
  /** The one that the links count in. */
  readonly epoch: Epoch
  /** Milliseconds for one pass through the whole chain. */
  readonly timeoutMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** The providers in the order in which they are asked. */
export class ProviderChain {
  readonly links: readonly ProviderLink[]
  readonly epoch: Epoch
  readonly #options: ChainOptions

  constructor(links: readonly ProviderLink[], options: ChainOptions) {
    this.links = links
    this.epoch = options.epoch
    this.#options = options
  }

  /**
   * Asks in order for each key until one provider has it. A failure ends the search for a key only where the provider's
   * rules say so.
   */
  async resolve(keys: readonly string[], pass: ChainPass): Promise<ReadonlyMap<string, ChainAnswer>> {
    const endsAt = this.#options.now() + this.#options.timeoutMs
    const searches = new Map<string, ChainStep[]>(keys.map(key => [key, []]))
    for (const link of this.links) {
      const open = [...searches].filter(([, steps]) => !steps.some(endsSearch))
      const wanted = open.map(([key]) => key).filter(key => link.reasonToSkip(key) === undefined)
      link.answers.prepare(wanted, pass)
      await Promise.all(open.map(async ([key, steps]) => steps.push(await this.#askBy(endsAt, link, { key, pass }))))
    }
    return new Map([...searches].map(([key, steps]) => [key, searchedAnswer(steps, this.links)]))
  }

  /**
   * The same for one key without waiting. A provider that needs to ends the search, with the detail `async_only`: what a
   * lower one holds must not win over it.
   */
  resolveSync(key: string): ChainAnswer {
    const steps: ChainStep[] = []
    for (const link of this.links) {
      if (!steps.some(endsSearch)) steps.push(this.#askSync(link, key))
    }
    return searchedAnswer(steps, this.links)
  }

  /** Asks the provider that has the current value for the version that the pass is for. */
  async resolveVersion(key: string, current: ChainAnswer, pass: ChainPass): Promise<ChainAnswer> {
    if (current.winner === undefined) return current
    const { link } = current.winner
    const asked = link.answers.hasVersions ? await this.#ask(link, key, pass) : this.#withoutVersions(link)
    const steps = this.links.map(other => (other === link ? asked : skippedStep(other, 'not_current')))
    return chainAnswer(steps, asked)
  }

  /** Asks every provider, at once; the first in order that has the key wins. */
  async survey(key: string, pass: ChainPass = new ChainPass()): Promise<ChainAnswer> {
    const steps = await Promise.all(this.links.map(async link => this.#ask(link, key, pass)))
    return chainAnswer(steps, steps.find(endsSearch))
  }

  /** Drops what is kept of one key, or of all. */
  forget(key?: string): void {
    for (const link of this.links) link.answers.forget(key)
  }

  /** What is left of the time for the pass can be less than a provider's own. */
  async #askBy(endsAt: number, link: ProviderLink, { key, pass }: Question): Promise<ChainStep> {
    const startedAt = this.#options.now()
    const leftMs = endsAt - startedAt
    if (leftMs >= link.answers.guard.rules.timeoutMs) return this.#ask(link, key, pass)
    try {
      if (leftMs <= 0) throw new DeadlineError(this.#options.timeoutMs)
      return await withDeadline(leftMs, async signal => this.#ask(link, key, pass.until(signal)), pass.signal)
    } catch (error) {
      if (pass.signal?.aborted || !(error instanceof DeadlineError)) throw error
      // It may have been asked more than once; that is not known before it ends.
      return this.#failed(link, link.answers.guard.failureAfter(leftMs > 0 ? 1 : 0, error), startedAt)
    }
  }

  async #ask(link: ProviderLink, key: string, pass: ChainPass): Promise<ChainStep> {
    const startedAt = this.#options.now()
    try {
      const reason = link.reasonToSkip(key)
      if (reason !== undefined) return skippedStep(link, reason)
      return this.#answered(link, await link.answers.read(key, pass), startedAt)
    } catch (error) {
      pass.signal?.throwIfAborted()
      return this.#failed(link, asSecretError(error, link.name), startedAt)
    }
  }

  #askSync(link: ProviderLink, key: string): ChainStep {
    const startedAt = this.#options.now()
    try {
      const reason = link.reasonToSkip(key)
      if (reason !== undefined) return skippedStep(link, reason)
      const answer = link.answers.readSync(key)
      return answer === undefined ? skippedStep(link, 'async_only') : this.#answered(link, answer, startedAt)
    } catch (error) {
      return this.#failed(link, asSecretError(error, link.name), startedAt)
    }
  }

  #answered(link: ProviderLink, answer: ProviderAnswer, startedAt: number): ChainStep {
    return answeredStep(link, answer, this.#options.now() - startedAt)
  }

  #withoutVersions(link: ProviderLink): ChainStep {
    const error = new SecretError('unsupported', `Provider "${link.name}" has no versions.`, { provider: link.name })
    return failedStep(link, error, 0)
  }

  #failed(link: ProviderLink, error: SecretError, startedAt: number): ChainStep {
    return failedStep(link, error, this.#options.now() - startedAt)
  }
}

/** A key, asked for in a pass. */
interface Question {
  readonly key: string
  readonly pass: ChainPass
}
