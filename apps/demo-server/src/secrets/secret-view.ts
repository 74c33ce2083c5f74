import { type Explanation, type Resolution, SecretsManager } from '@st/secrets-core'
import { Type } from 'typebox'
import { list } from '../http/answer-schemas.ts'

/** Keys that are listed whether or not anybody has them. */
export const wellKnownKeys: readonly string[] = [
  SecretsManager.HF_TOKEN,
  SecretsManager.REPLICATE_API_TOKEN,
  SecretsManager.WEBHOOK_SECRET,
]

const ShadowedSchema = Type.Array(Type.Object({ provider: Type.String(), sameValue: Type.Boolean() }))

/** A key and who holds it; what is not named here cannot leave the server. */
export const SecretViewSchema = Type.Object({
  key: Type.String(),
  found: Type.Boolean(),
  source: Type.Union([Type.String(), Type.Null()]),
  shadowed: ShadowedSchema,
  /** Only where nobody has the key and somebody could not be asked. */
  unresolved: Type.Optional(Type.Array(Type.Object({ provider: Type.String(), kind: Type.String() }))),
  fetchedAt: Type.Optional(Type.String({ description: 'With `fresh=false`: when the source was read.' })),
  cachedUntil: Type.Optional(Type.String({ description: 'With `fresh=false`: when it is asked again.' })),
})

/** A key and who holds it, never a value. */
export type SecretView = Type.Static<typeof SecretViewSchema>

/** What is shown of an explanation. */
export function secretView({ key, status, source, shadowed, steps }: Explanation): SecretView {
  const view = {
    key,
    found: status === 'found',
    source: source ?? null,
    shadowed: shadowed.map(answer => ({ ...answer })),
  }
  if (status !== 'unresolved') return view
  const failed = steps.filter(step => step.outcome === 'failed')
  return { ...view, unresolved: failed.map(({ provider, kind }) => ({ provider, kind: kind ?? 'internal' })) }
}

/** The same with how old what is kept of it is. */
export function keptSecretView(explanation: Explanation, { trace, status }: Resolution, now: Date): SecretView {
  const view = secretView(explanation)
  if (status !== 'found') return view
  const at = (ms: number): string => new Date(now.getTime() + Math.min(ms, longestMs)).toISOString()
  return { ...view, fetchedAt: at(-trace.ageMs), cachedUntil: at(trace.expiresInMs) }
}

/** What never expires has no moment: a hundred years will do. */
const longestMs = 100 * 365 * 24 * 3_600_000

/** Everything that became of a key, provider by provider. */
export const SecretExplanationSchema = Type.Object({
  key: Type.String(),
  status: Type.Enum(['found', 'missing', 'unresolved']),
  source: Type.Union([Type.String(), Type.Null()]),
  shadowed: ShadowedSchema,
  steps: list(
    Type.Object({
      provider: Type.String(),
      outcome: Type.Enum(['hit', 'missing', 'failed', 'skipped', 'not_reached']),
      kind: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
      hint: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
      stale: Type.Optional(Type.Boolean()),
      durationMs: Type.Number({ minimum: 0 }),
      attempts: Type.Integer({ minimum: 0 }),
      locator: Type.Optional(Type.String({ description: 'Where the value was found.' })),
      version: Type.Optional(Type.String()),
    }),
  ),
})

/** The only answer about secrets that holds a value. */
export const RevealedSecretSchema = Type.Object({
  key: Type.String(),
  value: Type.String(),
  source: Type.String(),
  version: Type.Optional(Type.String()),
})
