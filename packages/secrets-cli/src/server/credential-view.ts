import { amount, members, optional, type Shape, text, truth } from './answer-shape.ts'

/** A stored credential, without its value. */
export interface CredentialView {
  readonly id: number
  readonly userId: number
  readonly provider: string
  readonly name: string
  readonly description: string | null
  readonly createdAt: string
  readonly updatedAt: string
  /** `null` when it was never used. */
  readonly lastUsedAt: string | null
  readonly isActive: boolean
  /** How old it is by the settings of the server: `active`, `expiring`, `stale`. */
  readonly status: string
  readonly version: number
}

/** What of an answer is read of one; were there a value, it would be left out. */
export const credentialShape: Shape<CredentialView> = members<CredentialView>({
  id: amount,
  userId: amount,
  provider: text,
  name: text,
  description: optional(text),
  createdAt: text,
  updatedAt: text,
  lastUsedAt: optional(text),
  isActive: truth,
  status: text,
  version: amount,
})

/** Where the credentials of a user are, or one of them. */
export function credentialsPath(userId: number | undefined, ...names: readonly string[]): string {
  return ['api/users', userId ?? 'me', 'credentials', ...names.map(encodeURIComponent)].join('/')
}
