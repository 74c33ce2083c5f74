import type { SecretError } from '../contract/secret-error.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { withDeadline } from '../policy/deadline.ts'
import { asSecretError, type HeldDocument, type LinkAnswer, ProviderLink } from './provider-link.ts'
import type { TraceStep } from './trace.ts'

/** What one provider said, with the value where there is one. */
export interface ChainStep {
  readonly step: TraceStep
  readonly answer?: LinkAnswer
}

/** What a chain said about one key. */
export interface ChainAnswer {
  /** The step whose value was taken. */
  readonly winner?: ChainStep & { readonly answer: LinkAnswer }
  /** One a provider, in order. */
  readonly steps: readonly ChainStep[]
}

/** Settings of a chain. */
export interface ChainOptions {
  /** Milliseconds for one call of one provider. */
  readonly providerTimeoutMs: number
  /** Milliseconds for one key through the whole chain. */
  readonly timeoutMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Providers in the order in which they are asked. */
export class ProviderChain {
  readonly links: readonly ProviderLink[]
  readonly #options: ChainOptions

  constructor(providers: readonly SecretProvider[], options: ChainOptions) {
    this.#options = options
    const names = uniqueNames(providers)
    this.links = providers.map((provider, index) => {
      const name = names[index] ?? provider.name
      return new ProviderLink(provider, { name, timeoutMs: options.providerTimeoutMs, now: options.now })
    })
  }

  /** Asks in order until one has the key; a provider that fails does not end the search. */
  async resolve(key: string, pass: ChainPass): Promise<ChainAnswer> {
    const steps: ChainStep[] = []
    const endsAt = this.#options.now() + this.#options.timeoutMs
    for (const [index, link] of this.links.entries()) {
      const asked = await this.#askWithin(endsAt - this.#options.now(), link, async () => this.#ask(link, key, pass))
      steps.push(asked)
      if (!hasValue(asked)) continue
      const rest = this.links.slice(index + 1).map(lower => unasked(lower, 'not_reached'))
      return { winner: asked, steps: [...steps, ...rest] }
    }
    return { steps }
  }

  /**
   * The same without waiting; providers that need to are told apart by the detail `async_only`. What a lower one holds
   * must not win over them: the caller refuses an answer with such a step.
   */
  resolveSync(key: string): ChainAnswer {
    const steps: ChainStep[] = []
    for (const [index, link] of this.links.entries()) {
      const asked = this.#askSync(link, key)
      steps.push(asked)
      if (!hasValue(asked)) continue
      const rest = this.links.slice(index + 1).map(lower => unasked(lower, 'not_reached'))
      return { winner: asked, steps: [...steps, ...rest] }
    }
    return { steps }
  }

  /** Asks every provider, at once; the first in order that has the key wins. */
  async survey(key: string, pass: ChainPass): Promise<ChainAnswer> {
    const steps = await Promise.all(this.links.map(async link => this.#ask(link, key, pass)))
    const winner = steps.find(hasValue)
    return winner === undefined ? { steps } : { winner, steps }
  }

  /** Drops every document. */
  forget(): void {
    for (const link of this.links) link.forget()
  }

  /** What is left of the time for the key can be less than a provider's own. */
  async #askWithin(timeoutMs: number, link: ProviderLink, ask: () => Promise<ChainStep>): Promise<ChainStep> {
    if (timeoutMs >= this.#options.providerTimeoutMs) return ask()
    if (timeoutMs <= 0) return unasked(link, 'failed', { kind: 'timeout', message: 'No time was left to ask it.' })
    const startedAt = this.#options.now()
    try {
      return await withDeadline(timeoutMs, ask)
    } catch (error) {
      return failed(link, asSecretError(error, link.name), this.#options.now() - startedAt)
    }
  }

  async #ask(link: ProviderLink, key: string, pass: ChainPass): Promise<ChainStep> {
    if (!link.isAvailable()) return unasked(link, 'skipped', { detail: 'not_available' })
    const startedAt = this.#options.now()
    try {
      const answer = link.hasDocument ? link.pick(key, await pass.document(link)) : await link.readKey(key)
      return answered(link, answer, this.#options.now() - startedAt)
    } catch (error) {
      return failed(link, asSecretError(error, link.name, key), this.#options.now() - startedAt)
    }
  }

  #askSync(link: ProviderLink, key: string): ChainStep {
    if (!link.isAvailable()) return unasked(link, 'skipped', { detail: 'not_available' })
    const startedAt = this.#options.now()
    try {
      const answer = link.readKeySync(key)
      if (answer === undefined) return unasked(link, 'skipped', { detail: 'async_only' })
      return answered(link, answer, this.#options.now() - startedAt)
    } catch (error) {
      return failed(link, asSecretError(error, link.name, key), this.#options.now() - startedAt)
    }
  }
}

/** One operation over a chain: each document is read at most once in it, failures included. */
export class ChainPass {
  readonly #fresh: boolean
  readonly #documents = new Map<ProviderLink, Promise<HeldDocument>>()

  constructor(fresh: boolean) {
    this.#fresh = fresh
  }

  /** The link's document, kept or, in a fresh pass, read now. */
  document(link: ProviderLink): Promise<HeldDocument> {
    const known = this.#documents.get(link)
    if (known !== undefined) return known
    const reading = link.document(this.#fresh)
    this.#documents.set(link, reading)
    return reading
  }
}

function uniqueNames(providers: readonly SecretProvider[]): readonly string[] {
  const seen = new Map<string, number>()
  return providers.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

function hasValue(asked: ChainStep): asked is ChainStep & { readonly answer: LinkAnswer } {
  return asked.step.outcome === 'hit'
}

function answered(link: ProviderLink, answer: LinkAnswer, durationMs: number): ChainStep {
  if (!answer.value) return { step: { provider: link.name, outcome: 'missing', durationMs }, answer }
  const { locator, version } = answer
  const known = { ...(locator !== undefined && { locator }), ...(version !== undefined && { version }) }
  return { step: { provider: link.name, outcome: 'hit', durationMs, ...known }, answer }
}

function failed(link: ProviderLink, error: SecretError, durationMs: number): ChainStep {
  const { kind, message, hint, detail } = error
  const known = { kind, message, ...(hint !== undefined && { hint }), ...(detail !== undefined && { detail }) }
  return { step: { provider: link.name, outcome: 'failed', durationMs, ...known } }
}

function unasked(link: ProviderLink, outcome: TraceStep['outcome'], known: Partial<TraceStep> = {}): ChainStep {
  return { step: { provider: link.name, outcome, durationMs: 0, ...known } }
}
