import { SecretError } from '@st/secrets-core/provider'
import { dataOf, isObject } from '../vault-answer.ts'
import { answerFailure } from '../vault-failure.ts'
import type { VaultCall } from './vault-call.ts'

/** Whose secret ids are wrapped. */
export interface WrappingOptions {
  /** Mount of AppRole. */
  readonly mount: string
  readonly namespace: string | undefined
  /** Name of the provider, for errors. */
  readonly provider: string
}

/**
 * Takes secret ids out of wrapping tokens. Each token can be opened once, so what came out of the latest is kept; one
 * that cannot be opened any more may have been stolen.
 */
export class SecretIdWrapping {
  readonly #options: WrappingOptions
  readonly #call: VaultCall
  #opened: { readonly token: string; readonly secretId: string } | undefined

  constructor(options: WrappingOptions, call: VaultCall) {
    this.#options = options
    this.#call = call
  }

  /** The secret id of the latest token; `undefined` while none was opened. */
  get secretId(): string | undefined {
    return this.#opened?.secretId
  }

  /**
   * The secret id in a wrapping token.
   *
   * @throws SecretError `insecure` when somebody else has opened the token, or somebody else than AppRole made it.
   */
  async open(token: string, signal: AbortSignal): Promise<string> {
    if (this.#opened?.token === token) return this.#opened.secretId
    // Looking does not open it.
    const origin = await this.#ask('lookup', { body: { token }, signal })
    if (!isSecretIdPath(origin['creation_path'], this.#options.mount)) throw this.#alarm('was not made by that AppRole')
    const { secret_id: secretId } = await this.#ask('unwrap', { body: {}, token, signal })
    if (typeof secretId !== 'string' || secretId === '') throw this.#alarm('holds something else')
    this.#opened = { token, secretId }
    return secretId
  }

  async #ask(
    action: 'lookup' | 'unwrap',
    request: Pick<Parameters<VaultCall>[0], 'body' | 'token' | 'signal'>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { provider, namespace } = this.#options
    const path = `sys/wrapping/${action}`
    const answer = await this.#call({ method: 'POST', path, namespace, ...request })
    const data = dataOf(answer)
    if (answer.status === 200 && isObject(data)) return data
    if (answer.status === 400 && answer.body !== undefined) {
      throw this.#alarm('was opened by somebody else, or has expired')
    }
    throw answerFailure(answer, { provider, path })
  }

  #alarm(problem: string): SecretError {
    return new SecretError('insecure', `The wrapping token in auth.secretId ${problem}.`, {
      provider: this.#options.provider,
      detail: 'wrapping',
      hint: 'Find out who had it, destroy the secret id that it held, and have a new one wrapped.',
    })
  }
}

function isSecretIdPath(path: unknown, mount: string): boolean {
  if (typeof path !== 'string' || !path.startsWith(`auth/${mount}/role/`)) return false
  return /^[^/]+\/(custom-)?secret-id$/.test(path.slice(`auth/${mount}/role/`.length))
}
