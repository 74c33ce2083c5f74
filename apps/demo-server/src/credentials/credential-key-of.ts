import type { FastifyRequest } from 'fastify'
import { ownerOf } from '../users/owner.ts'
import type { CredentialName } from './credential-rules.ts'
import type { CredentialKey } from './credential-store.ts'

/** The credential that a request is about, of the user whom its address names. */
export function credentialKeyOf(request: FastifyRequest, { provider, name }: CredentialName): CredentialKey {
  return { userId: ownerOf(request), provider, name }
}
