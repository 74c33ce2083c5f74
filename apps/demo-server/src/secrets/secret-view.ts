import { type Explanation, SecretsManager } from '@st/secrets-core'
import { Type } from 'typebox'

/** Keys that are listed whether or not anybody has them. */
export const wellKnownKeys: readonly string[] = [
  SecretsManager.HF_TOKEN,
  SecretsManager.REPLICATE_API_TOKEN,
  SecretsManager.WEBHOOK_SECRET,
]

/** A key and who holds it; what is not named here cannot leave the server. */
export const SecretViewSchema = Type.Object({
  key: Type.String(),
  found: Type.Boolean(),
  source: Type.Union([Type.String(), Type.Null()]),
  shadowed: Type.Array(Type.Object({ provider: Type.String(), sameValue: Type.Boolean() })),
  /** Only where nobody has the key and somebody could not be asked. */
  unresolved: Type.Optional(Type.Array(Type.Object({ provider: Type.String(), kind: Type.String() }))),
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
