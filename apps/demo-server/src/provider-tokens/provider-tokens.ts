import type { SecretsManager } from '@st/secrets-core'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { recordFirst } from '../audit/record-first.ts'
import {
  type CredentialValidator,
  type CredentialVerdict,
  validateCredential,
} from '../credentials/credential-validator.ts'
import { Refusal } from '../refusal.ts'
import { providerTokenRule, requireToken } from './provider-token-rules.ts'

/** Who answers for a token now. */
export interface ProviderTokenState {
  /** Key of the secret. */
  readonly key: string
  /** The provider of secrets whose value is used; absent when nobody has one. */
  readonly source?: string
  /** The providers of secrets whose values are not used, as one above them has the key. */
  readonly shadowed: readonly string[]
}

/** What came of saving a token. */
export interface SavedToken extends ProviderTokenState {
  /** Whether what was saved is what is used now: a source above the file may have another value. */
  readonly isUsed: boolean
  /** What the provider says about what was saved. */
  readonly verdict: CredentialVerdict
}

/** What the tokens work with. */
export interface ProviderTokensContext {
  readonly secrets: Pick<SecretsManager, 'get' | 'setSecret' | 'deleteSecret' | 'explain'>
  readonly audit: AuditLog
  readonly credentialValidators?: readonly CredentialValidator[] | undefined
}

/** The tokens of providers that all users share, in the secrets file (R116, R117). */
export class ProviderTokens {
  readonly #secrets: ProviderTokensContext['secrets']
  readonly #audit: AuditLog
  readonly #validators: readonly CredentialValidator[]

  constructor({ secrets, audit, credentialValidators = [] }: ProviderTokensContext) {
    this.#secrets = secrets
    this.#audit = audit
    this.#validators = credentialValidators
  }

  /**
   * Stores a token, then asks the provider about it. It is kept whatever the answer: the provider may be out of reach.
   *
   * @throws Refusal `PROVIDER_WITHOUT_TOKEN`, `INVALID_TOKEN`
   */
  async save(provider: string, given: string, actor: AuditActor): Promise<SavedToken> {
    const event = eventOf(provider, { type: 'provider.token.saved', actor, action: 'Saved the token of a provider' })
    const rule = await this.#checked(event, () => providerTokenRule(provider))
    const token = await this.#checked(event, () => requireToken(rule, given))
    await recordFirst(this.#audit, event, async () => this.#secrets.setSecret(rule.key, token))
    const verdict = await validateCredential(this.#validators, { provider, name: rule.credential, value: token })
    const used = await this.#secrets.get(rule.key)
    return { ...(await this.#state(rule.key)), isUsed: used === token, verdict }
  }

  /** Removes the stored token. @throws Refusal `PROVIDER_WITHOUT_TOKEN`, `NOTHING_TO_DELETE_FROM` */
  async delete(provider: string, actor: AuditActor): Promise<ProviderTokenState> {
    const action = 'Deleted the token of a provider'
    const event = eventOf(provider, { type: 'provider.token.deleted', actor, action })
    const { key } = await this.#checked(event, () => providerTokenRule(provider))
    await recordFirst(this.#audit, event, async () => {
      if (await this.#secrets.deleteSecret(key)) return
      throw new Refusal('not_found', 'NOTHING_TO_DELETE_FROM', 'There is no secrets file to delete from.')
    })
    return this.#state(key)
  }

  async #state(key: string): Promise<ProviderTokenState> {
    const { source, shadowed } = await this.#secrets.explain(key, { fresh: true })
    const state = { key, shadowed: shadowed.map(({ provider }) => provider) }
    return source === undefined ? state : { ...state, source }
  }

  /** What breaks a rule is in the audit log, too. */
  async #checked<T>(event: AuditEvent, check: () => T): Promise<T> {
    try {
      return check()
    } catch (error) {
      if (error instanceof Refusal) {
        await this.#audit.record({ ...event, outcome: 'refused', details: { code: error.code } })
      }
      throw error
    }
  }
}

function eventOf(provider: string, event: Pick<AuditEvent, 'type' | 'actor' | 'action'>): AuditEvent {
  return { ...event, target: { type: 'provider', id: provider } }
}
