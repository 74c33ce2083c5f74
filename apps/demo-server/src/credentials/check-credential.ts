import { globalKeyOf } from '../provider-tokens/provider-token-rules.ts'
import type { CredentialSource, CredentialResolver } from './credential-resolver.ts'
import { type CredentialValidator, type CredentialVerdict, validateCredential } from './credential-validator.ts'

/** What a check works with. */
export interface CredentialCheckContext {
  readonly credentialResolver: Pick<CredentialResolver, 'getCredential'>
  /** Default: no service can be asked. */
  readonly credentialValidators?: readonly CredentialValidator[] | undefined
}

/** What a service says about a credential, and whose it is; nothing where nobody has one. */
export type CredentialCheck = Partial<CredentialSource> & { readonly verdict?: CredentialVerdict }

/**
 * Asks a service whether it accepts the credential that would be used for a user: one's own, else the global one (R126).
 *
 * @throws whatever {@link CredentialResolver.getCredential} fails with.
 */
export async function checkCredential(
  { credentialResolver, credentialValidators = [] }: CredentialCheckContext,
  { provider, name, userId }: { readonly provider: string; readonly name: string; readonly userId: number },
): Promise<CredentialCheck> {
  const globalKey = globalKeyOf(provider, name)
  const found = await credentialResolver.getCredential({ provider, name, userId, globalKey })
  if (found === undefined) return {}
  const { value, ...source } = found
  return { ...source, verdict: await validateCredential(credentialValidators, { provider, name, value }) }
}
