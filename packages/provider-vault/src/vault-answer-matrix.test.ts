import { inspect } from 'node:util'
import { type ProviderDocument, SecretError } from '@st/secrets-core/provider'
import { type Answer, refusal, startScriptedServer, vaultRefusals } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { answerCanary, type AnswerOutcome, answerRows } from './__fixtures__/answer-rows.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'

const token = 's.answer-canary-token'

/** What a server answers to the question for the mount. */
type Preflight = Answer | undefined

async function outcomeOf(answers: (path: string) => Answer, options: HashiCorpVaultProviderOptions): Promise<Outcome> {
  await using server = await startScriptedServer(({ path }) => answers(path))
  const provider = new HashiCorpVaultProvider({ url: server.url, token, ...options })
  const [reading] = await Promise.allSettled([provider.readDocument()])
  await provider.close()
  return new Outcome(reading)
}

class Outcome {
  readonly #reading: PromiseSettledResult<ProviderDocument | undefined>

  constructor(reading: PromiseSettledResult<ProviderDocument | undefined>) {
    this.#reading = reading
  }

  /** It as the row has it, with those members of an error that the row names. */
  like({ error: expected = {} }: AnswerOutcome): AnswerOutcome {
    if (this.#reading.status === 'fulfilled') return { document: plain(this.#reading.value) }
    const error: unknown = this.#reading.reason
    if (!SecretError.isInstance(error)) throw error
    const members = Object.entries(error.toJSON()).filter(([name]) => name in expected)
    return { error: { ...Object.fromEntries(members), hasHint: error.hint !== undefined } }
  }

  /** What an error shows. */
  get shown(): string {
    if (this.#reading.status === 'fulfilled') return ''
    const error: unknown = this.#reading.reason
    return [String(error), inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
  }
}

function plain(document: ProviderDocument | undefined): AnswerOutcome['document'] {
  if (document === undefined) return undefined
  const { values, unusable = new Map<string, string>(), detail } = document
  return { values: Object.fromEntries(values), unusable: Object.fromEntries(unusable), detail }
}

function completed({ document, error }: AnswerOutcome): AnswerOutcome {
  if (error) return { error: { ...error, hasHint: true } }
  return { document: document && { ...document, values: document.values ?? {}, unusable: document.unusable ?? {} } }
}

describe.each([1, 2] as const)('KV %i, answered with', kvVersion => {
  it.each(answerRows[kvVersion])('$title', async ({ answer, outcome }) => {
    const found = await outcomeOf(() => answer, { kvVersion })

    expect(found.like(outcome)).toEqual(completed(outcome))
    expect(found.shown).not.toContain(answerCanary)
    expect(found.shown).not.toContain(token)
  })
})

describe.each<[string, Preflight]>([
  ['an old server', vaultRefusals.missing],
  ['a server that says nothing of its mounts', refusal(403, 'preflight capability check returned 403')],
])('%s', (_title, preflight = vaultRefusals.missing) => {
  const isPreflight = (path: string): boolean => path.startsWith('/v1/sys/internal/')
  const isVersion2 = (path: string): boolean => path.startsWith('/v1/secret/data/')

  it.each(answerRows[2].filter(({ answer }) => answer.status !== 200 || answer.body?.includes('"metadata":{')))(
    'that answers at the path of version 2 with $title, and has nothing else',
    async ({ answer, outcome }) => {
      const answers = (path: string): Answer => {
        if (isPreflight(path)) return preflight
        return isVersion2(path) ? answer : vaultRefusals.missing
      }

      const found = await outcomeOf(answers, {})

      expect(found.like(outcome)).toEqual(completed(outcome))
      expect(found.shown).not.toContain(answerCanary)
      expect(found.shown).not.toContain(token)
    },
  )

  it.each(answerRows[1].filter(({ answer }) => answer.status === 200))(
    'that has nothing at the path of version 2 and answers at that of version 1 with $title',
    async ({ answer, outcome }) => {
      const answers = (path: string): Answer => {
        if (isPreflight(path)) return preflight
        return isVersion2(path) ? vaultRefusals.missing : answer
      }

      const found = await outcomeOf(answers, {})

      expect(found.like(outcome)).toEqual(completed(outcome))
      expect(found.shown).not.toContain(answerCanary)
      expect(found.shown).not.toContain(token)
    },
  )
})
