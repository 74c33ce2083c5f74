import { type SecretsManager, SecretUnresolvedError, type SecretValue } from '@st/secrets-core'
import type { Credentials } from './credentials.ts'

/** Which credential is asked for. */
export interface CredentialRequest {
  readonly provider: string
  readonly name: string
  /** Whose credential comes first. Default: nobody's, only the global secret. */
  readonly userId?: number | undefined
  /** Key of the global secret. Default: there is none. */
  readonly globalKey?: string | undefined
}

/** Where a credential comes from. */
export type CredentialSource =
  | { readonly source: 'user' }
  /** And which provider of secrets has it. */
  | { readonly source: 'global'; readonly secretProvider: string }

/** A credential and where it comes from. */
export type ResolvedCredential = CredentialSource & { readonly value: string }

/** What a resolver works with. */
export interface CredentialResolverOptions {
  readonly credentials: Pick<Credentials, 'use' | 'isUsable'>
  readonly secrets: Pick<SecretsManager, 'resolve'>
  /**
   * What to do when the user's credential cannot be read: `'fail'`, or take the global one as if there were none. Default
   * `'fail'`: nobody works under another account without knowing it.
   */
  readonly onStoreError?: 'fail' | 'global' | undefined
}

/** Finds credentials: the user's own above the global secret (R124). */
export class CredentialResolver {
  readonly #credentials: CredentialResolverOptions['credentials']
  readonly #secrets: CredentialResolverOptions['secrets']
  readonly #onStoreError: 'fail' | 'global'

  constructor({ credentials, secrets, onStoreError = 'fail' }: CredentialResolverOptions) {
    this.#credentials = credentials
    this.#secrets = secrets
    this.#onStoreError = onStoreError
  }

  /**
   * The credential, which counts as used; `undefined` when nobody has one.
   *
   * @throws whatever the store fails with, unless `onStoreError` is `'global'`; SecretError when a provider of secrets
   *   could not be asked and no other has the key.
   */
  async getCredential(request: CredentialRequest): Promise<ResolvedCredential | undefined> {
    const { userId, provider, name } = request
    const own = await this.#ofUser(userId, id => this.#credentials.use({ userId: id, provider, name }))
    if (own !== undefined) return { source: 'user', value: own }
    const secret = await this.#global(request.globalKey)
    return secret && { source: 'global', secretProvider: secret.source, value: secret.reveal() }
  }

  /** Where {@link CredentialResolver.getCredential} would find it; marks nothing as used. */
  async getSource(request: CredentialRequest): Promise<CredentialSource | undefined> {
    const { userId, provider, name } = request
    const isOwn = await this.#ofUser(userId, id => this.#credentials.isUsable({ userId: id, provider, name }))
    if (isOwn === true) return { source: 'user' }
    const secret = await this.#global(request.globalKey)
    return secret && { source: 'global', secretProvider: secret.source }
  }

  async #ofUser<T>(userId: number | undefined, ask: (userId: number) => Promise<T>): Promise<T | undefined> {
    if (userId === undefined) return undefined
    try {
      return await ask(userId)
    } catch (error) {
      if (this.#onStoreError === 'global') return undefined
      throw error
    }
  }

  async #global(key: string | undefined): Promise<SecretValue | undefined> {
    if (key === undefined) return undefined
    const { status, secret, trace } = await this.#secrets.resolve(key)
    if (status === 'unresolved') throw new SecretUnresolvedError(trace)
    return secret
  }
}
