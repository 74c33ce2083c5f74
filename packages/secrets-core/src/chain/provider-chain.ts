import { definedMembers } from '../contract/defined-members.ts'
import type { ProviderSecret } from '../contract/provider-answer.ts'
import { SecretError } from '../contract/secret-error.ts'
import { DeadlineError, withDeadline } from '../policy/deadline.ts'
import type { ChainPass } from './chain-pass.ts'
import type { Epoch } from './epoch.ts'
import { asSecretError } from './guarded-provider.ts'
import type { ProviderAnswer } from './provider-answers.ts'
import type { ProviderLink } from './provider-link.ts'
import type { TraceStep } from './trace.ts'

/** What one provider said, with the value where there is one. */
export interface ChainStep {
  readonly link: ProviderLink
  readonly step: TraceStep
  readonly answer?: ProviderAnswer | undefined
}

/** What a chain said about one key. */
export interface ChainAnswer {
  /** The step whose value was taken. */
  readonly winner?: FoundStep
  /** One a provider, in order. */
  readonly steps: readonly ChainStep[]
}

/** A step with a value. */
export interface FoundStep extends ChainStep {
  readonly answer: ProviderAnswer & { readonly secret: ProviderSecret }
}

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
    const searches = new Map(keys.map(key => [key, new Search()]))
    for (const link of this.links) {
      const open = [...searches.keys()].filter(key => searches.get(key)?.isOpen)
      link.answers.prepare(
        open.filter(key => link.reasonToSkip(key) === undefined),
        pass,
      )
      const asking = open.map(async key => searches.get(key)?.add(await this.#askBy(endsAt, link, { key, pass })))
      await Promise.all(asking)
    }
    return new Map([...searches].map(([key, search]) => [key, search.answer(this.links)]))
  }

  /**
   * The same for one key without waiting. A provider that needs to ends the search, with the detail `async_only`: what a
   * lower one holds must not win over it.
   */
  resolveSync(key: string): ChainAnswer {
    const search = new Search()
    for (const link of this.links) {
      if (search.isOpen) search.add(this.#askSync(link, key))
    }
    return search.answer(this.links)
  }

  /** Asks the provider that has the current value for the version that the pass is for. */
  async resolveVersion(key: string, { winner, steps }: ChainAnswer, pass: ChainPass): Promise<ChainAnswer> {
    if (winner === undefined) return { steps }
    const { link } = winner
    const asked = link.answers.hasVersions ? await this.#ask(link, key, pass) : this.#withoutVersions(link)
    const search = new Search()
    for (const other of this.links) search.add(other === link ? asked : skipped(other, 'not_current'))
    return search.answer(this.links)
  }

  /** Asks every provider, at once; the first in order that has the key wins. */
  async survey(key: string, pass: ChainPass): Promise<ChainAnswer> {
    const steps = await Promise.all(this.links.map(async link => this.#ask(link, key, pass)))
    const search = new Search()
    for (const step of steps) {
      if (search.isOpen) search.add(step)
    }
    return { ...search.answer(this.links), steps }
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
      if (reason !== undefined) return skipped(link, reason)
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
      if (reason !== undefined) return skipped(link, reason)
      const answer = link.answers.readSync(key)
      return answer === undefined ? skipped(link, 'async_only') : this.#answered(link, answer, startedAt)
    } catch (error) {
      return this.#failed(link, asSecretError(error, link.name), startedAt)
    }
  }

  #withoutVersions(link: ProviderLink): ChainStep {
    const error = new SecretError('unsupported', `Provider "${link.name}" has no versions.`, { provider: link.name })
    return this.#failed(link, error, this.#options.now())
  }

  #answered(link: ProviderLink, answer: ProviderAnswer, startedAt: number): ChainStep {
    const { secret, isKept, failure } = answer
    const attempts = isKept ? 0 : answer.attempts
    const step: TraceStep = {
      provider: link.name,
      outcome: secret === undefined ? 'missing' : 'hit',
      durationMs: this.#options.now() - startedAt,
      attempts: failure ? link.answers.guard.attemptsBehind(failure) : attempts,
      ...definedMembers({
        locator: secret?.locator,
        version: secret?.version,
        detail: secret ? undefined : answer.detail,
      }),
      ...(failure !== undefined && { stale: true, ...described(failure) }),
    }
    return { link, step, answer }
  }

  #failed(link: ProviderLink, error: SecretError, startedAt: number): ChainStep {
    const durationMs = this.#options.now() - startedAt
    const attempts = link.answers.guard.attemptsBehind(error)
    return { link, step: { provider: link.name, outcome: 'failed', durationMs, attempts, ...described(error) } }
  }
}

/** A key, asked for in a pass. */
interface Question {
  readonly key: string
  readonly pass: ChainPass
}

/** The search for one key. */
class Search {
  readonly #steps: ChainStep[] = []

  /** Whether the next provider is to be asked. */
  get isOpen(): boolean {
    const last = this.#steps.at(-1)
    if (last === undefined) return true
    if (last.step.outcome === 'failed') return !last.link.answers.guard.rules.endsOnError
    return !isFound(last) && last.step.detail !== 'async_only'
  }

  add(step: ChainStep): void {
    this.#steps.push(step)
  }

  answer(links: readonly ProviderLink[]): ChainAnswer {
    const rest = links.slice(this.#steps.length).map(link => unasked(link, { outcome: 'not_reached' as const }))
    const last = this.#steps.at(-1)
    const steps = [...this.#steps, ...rest]
    return last !== undefined && isFound(last) ? { winner: last, steps } : { steps }
  }
}

function isFound(step: ChainStep): step is FoundStep {
  return step.answer?.secret !== undefined
}

function skipped(link: ProviderLink, detail: string): ChainStep {
  return unasked(link, { outcome: 'skipped', detail })
}

function unasked(link: ProviderLink, known: Pick<TraceStep, 'outcome' | 'detail'>): ChainStep {
  return { link, step: { provider: link.name, durationMs: 0, attempts: 0, ...known } }
}

function described({ kind, message, hint, detail }: SecretError): Partial<TraceStep> {
  return definedMembers({ kind, message, hint, detail })
}
