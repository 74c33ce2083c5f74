import type { Explanation, SecretsManager } from '@st/secrets-core'
import { Refused } from './answers.ts'
import type { SecretExplanation, SecretView } from './api-shapes.ts'

/** What never expires has no moment: a hundred years will do. */
const longestMs = 100 * 365 * 24 * 3_600_000

/** What the console tells about keys; no member of any answer holds a value. */
export class SecretAnswers {
  readonly #manager: SecretsManager
  readonly #keys: readonly string[]
  readonly #now: () => number
  readonly #note: (explanation: Explanation) => void

  /** @param note - Is told of each time that providers were asked. */
  constructor(
    manager: SecretsManager,
    { keys, now }: { readonly keys: readonly string[]; readonly now: () => number },
    note: (explanation: Explanation) => void,
  ) {
    this.#manager = manager
    this.#keys = keys
    this.#now = now
    this.#note = note
  }

  /** Every key, and who holds it. */
  async list(isFresh: boolean): Promise<readonly SecretView[]> {
    const { keys } = await this.#manager.list({ include: this.#keys, fresh: isFresh })
    return Promise.all(keys.map(explanation => this.#view(explanation, isFresh)))
  }

  /** A key, and who holds it. @throws Refused 404, 503 */
  async one(key: string, isFresh: boolean): Promise<SecretView> {
    const view = await this.#view(await this.#manager.explain(key, { fresh: isFresh }), isFresh)
    if (view.found) return view
    if (view.unresolved === undefined) throw new Refused(404, 'ST_SECRETS_MISSING', `No provider has "${key}".`)
    const who = view.unresolved.map(({ provider, kind }) => `${provider} (${kind})`).join(', ')
    throw new Refused(503, 'ST_SECRETS_UNRESOLVED', `Nobody has "${key}", and could not be asked: ${who}.`)
  }

  /** What became of a key at every provider. */
  async explain(key: string): Promise<SecretExplanation> {
    const explanation = await this.#manager.explain(key, { fresh: true })
    this.#note(explanation)
    const { status, source, shadowed, steps } = explanation
    return { key, status, source: source ?? null, shadowed, steps }
  }

  async #view(explanation: Explanation, isFresh: boolean): Promise<SecretView> {
    this.#note(explanation)
    const view = viewOf(explanation)
    if (isFresh || !view.found) return view
    const { status, trace } = await this.#manager.resolve(view.key)
    if (status !== 'found') return view
    const at = (ms: number): string => new Date(this.#now() + Math.min(ms, longestMs)).toISOString()
    return { ...view, fetchedAt: at(-trace.ageMs), cachedUntil: at(trace.expiresInMs) }
  }
}

function viewOf({ key, status, source, shadowed, steps }: Explanation): SecretView {
  const view = { key, found: status === 'found', source: source ?? null, shadowed }
  if (status !== 'unresolved') return view
  const failed = steps.filter(({ outcome }) => outcome === 'failed')
  return { ...view, unresolved: failed.map(({ provider, kind }) => ({ provider, kind: kind ?? 'internal' })) }
}
