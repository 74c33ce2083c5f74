import { Type } from 'typebox'
import { closed } from '../http/answer-schemas.ts'
import type { CredentialCheck } from './check-credential.ts'
import type { CredentialVerdict } from './credential-validator.ts'

const Moment = Type.String({ description: 'ISO 8601, UTC.' })

/** As it is written in an address, percent-encoded; which names there can be is for the rules to say. */
const NameSchema = Type.String({ minLength: 1, maxLength: 600 })

/** Parameters of the address of a credential. */
export const credentialParams = { provider: NameSchema, name: NameSchema }

/** What a credential is found by. */
export const CredentialNameSchema = Type.Object(credentialParams, closed)

/** A credential without its value. */
export const CredentialSchema = Type.Object({
  id: Type.Integer(),
  userId: Type.Integer(),
  provider: Type.String(),
  name: Type.String(),
  description: Type.Union([Type.String(), Type.Null()]),
  createdAt: Moment,
  updatedAt: Moment,
  lastUsedAt: Type.Optional(Type.String({ description: 'Known to the minute; absent when it was never used.' })),
  isActive: Type.Boolean({ description: 'One that is not is kept, and not used.' }),
  status: Type.Enum(['active', 'expiring', 'stale'], { description: 'How old it is by the settings.' }),
  version: Type.Integer({ description: 'Counts up with each value.' }),
})

/** A value to store. */
export const NewCredentialSchema = Type.Object(
  {
    ...credentialParams,
    value: Type.String({ maxLength: 65_536 }),
    description: Type.Optional(
      Type.Union([Type.String({ maxLength: 500 }), Type.Null()], { description: 'Default: the one that is there.' }),
    ),
  },
  closed,
)

/** What to change of a credential besides its value. */
export const CredentialChangeSchema = Type.Object(
  { description: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]) },
  closed,
)

/** Why somebody wants to see a value. */
export const ReasonSchema = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 500, description: 'For the audit log.' })) },
  closed,
)

/** The only answer about credentials that holds a value. */
export const RevealedCredentialSchema = Type.Object({
  provider: Type.String(),
  name: Type.String(),
  value: Type.String(),
})

/** A value that a credential has or had, without the value. */
export const CredentialVersionSchema = Type.Object({
  version: Type.Integer(),
  createdAt: Moment,
  createdBy: Type.Union([Type.String(), Type.Null()], { description: 'Name of who set it, at that time.' }),
})

/** Where a credential comes from. */
export const CredentialSourceSchema = Type.Object({
  source: Type.Union([Type.Enum(['user', 'global']), Type.Null()], { description: '`null` when nobody has one.' }),
  secretProvider: Type.Optional(Type.String({ description: 'The provider of secrets that has the global one.' })),
})

/** What a service says about a credential. */
export const VerdictSchema = Type.Object({
  valid: Type.Boolean({ description: 'Whether it is accepted; what is not known counts as not.' }),
  outcome: Type.Enum(['valid', 'invalid', 'unknown', 'unsupported', 'missing'], {
    description: '`unsupported`: nobody knows how to ask; `missing`: there is no credential.',
  }),
  account: Type.Optional(Type.String({ description: 'Whose account it opens, where that is told.' })),
  reason: Type.Optional(Type.Enum(['timeout', 'unreachable', 'unexpected_answer'])),
})

/** What is told of a verdict. */
export function verdictView(verdict: CredentialVerdict | undefined): Type.Static<typeof VerdictSchema> {
  return verdict === undefined
    ? { valid: false, outcome: 'missing' }
    : { valid: verdict.outcome === 'valid', ...verdict }
}

/** What a service says about the credential that would be used, and whose it is. */
export const CredentialCheckSchema = Type.Object({
  ...VerdictSchema.properties,
  ...CredentialSourceSchema.properties,
})

/** What is told of a check. */
export function checkView({ verdict, ...found }: CredentialCheck): Type.Static<typeof CredentialCheckSchema> {
  return { source: null, ...found, ...verdictView(verdict) }
}
