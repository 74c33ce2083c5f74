import { randomUUID } from 'node:crypto'
import { type FakeLoginVault, startFakeLoginVault } from '@st/test-servers'

/** What the tokens of a role are like. */
export interface RoleOptions {
  readonly seconds?: number
  readonly type?: 'service' | 'batch'
  readonly uses?: number
  /** Whether its tokens may renew and look themselves up, as the default policy lets them. Default: true. */
  readonly isTrusted?: boolean
}

/** A role of AppRole. */
export interface Role {
  readonly mount: string
  readonly roleId: string
  readonly secretId: string
  /** A wrapping token with a secret id in it. */
  wrapSecretId(): Promise<string>
  /** Lowers the seconds after which its tokens end however often they are renewed. */
  shorten(maxSeconds: number): Promise<void>
}

/** Whoever runs a server: makes what can be logged in to. */
export interface AuthOperator {
  readonly url: string
  makeRole(options?: RoleOptions): Promise<Role>
  /** Makes a user; the mount of the method. */
  makeUser(username: string, password: string): Promise<string>
  makeToken(seconds: number): Promise<string>
  /** Wraps something that no AppRole made. */
  wrap(data: Readonly<Record<string, string>>): Promise<string>
  /** Opens a wrapping token, as a thief would. */
  unwrap(token: string): Promise<void>
  revoke(token: string): Promise<void>
  /** Whether a token may look itself up; costs one of its uses. */
  accepts(token: string): Promise<boolean>
  /** Removes everything that it made. */
  close(): Promise<void>
}

/** Runs the stand-in. */
export async function startFakeOperator(): Promise<AuthOperator> {
  return new FakeOperator(await startFakeLoginVault())
}

/** Runs a real server with its root token. All it makes has a random name. */
export function realOperator(server: { readonly url: string; readonly token: string }): AuthOperator {
  return new RealOperator(server)
}

class FakeOperator implements AuthOperator {
  readonly #vault: FakeLoginVault

  constructor(vault: FakeLoginVault) {
    this.#vault = vault
  }

  get url(): string {
    return this.#vault.url
  }

  async makeRole({ isTrusted = true, ...grant }: RoleOptions = {}): Promise<Role> {
    const mount = `st-test/${randomUUID()}`
    const [roleId, secretId] = [randomUUID(), randomUUID()]
    const body = { role_id: roleId, secret_id: secretId }
    const given = { ...grant, ...(!isTrusted && { read: [] }) }
    this.#vault.allow('approle', { body, grant: given }, mount)
    const shorten = async (maxSeconds: number): Promise<void> => void Object.assign(given, { maxSeconds })
    const wrapSecretId = async (): Promise<string> =>
      this.#vault.wrap({ secret_id: secretId, secret_id_ttl: 0 }, `auth/${mount}/role/app/secret-id`)
    return { mount, roleId, secretId, wrapSecretId, shorten }
  }

  async makeUser(name: string, password: string): Promise<string> {
    const mount = `st-test/${randomUUID()}`
    this.#vault.allow('userpass', { name, body: { password } }, mount)
    return mount
  }

  async makeToken(seconds: number): Promise<string> {
    return this.#vault.issue({ seconds })
  }

  async wrap(data: Readonly<Record<string, string>>): Promise<string> {
    return this.#vault.wrap(data, 'sys/wrapping/wrap')
  }

  async unwrap(token: string): Promise<void> {
    await ask(this.url, 'sys/wrapping/unwrap', { method: 'POST', token })
  }

  async revoke(token: string): Promise<void> {
    this.#vault.tokens.delete(token)
  }

  async accepts(token: string): Promise<boolean> {
    return (await ask(this.url, 'auth/token/lookup-self', { token })).status === 200
  }

  async close(): Promise<void> {
    await this.#vault.close()
  }
}

class RealOperator implements AuthOperator {
  readonly url: string
  readonly #root: string
  readonly #mounts: string[] = []

  constructor({ url, token }: { readonly url: string; readonly token: string }) {
    this.url = url
    this.#root = token
  }

  async makeRole({ seconds, type, uses, isTrusted = true }: RoleOptions = {}): Promise<Role> {
    const mount = await this.#enable('approle')
    const path = `auth/${mount}/role/app`
    await this.#do(path, {
      token_ttl: seconds ?? 3600,
      token_type: type ?? 'service',
      token_num_uses: uses ?? 0,
      token_no_default_policy: !isTrusted,
    })
    const { role_id: roleId } = dataOf(await ask(this.url, `${path}/role-id`, { token: this.#root }), 'data')
    const { secret_id: secretId } = dataOf(await this.#do(`${path}/secret-id`, {}), 'data')
    const wrapSecretId = async (): Promise<string> =>
      textOf(dataOf(await this.#do(`${path}/secret-id`, {}, '60s'), 'wrap_info')['token'])
    const shorten = async (maxSeconds: number): Promise<void> =>
      void (await this.#do(path, { token_ttl: maxSeconds, token_max_ttl: maxSeconds }))
    return { mount, roleId: textOf(roleId), secretId: textOf(secretId), wrapSecretId, shorten }
  }

  async makeUser(username: string, password: string): Promise<string> {
    const mount = await this.#enable('userpass')
    await this.#do(`auth/${mount}/users/${encodeURIComponent(username)}`, { password })
    return mount
  }

  async makeToken(seconds: number): Promise<string> {
    const answer = await this.#do('auth/token/create', { ttl: `${seconds}s`, policies: ['default'] })
    return textOf(dataOf(answer, 'auth')['client_token'])
  }

  async wrap(data: Readonly<Record<string, string>>): Promise<string> {
    return textOf(dataOf(await this.#do('sys/wrapping/wrap', data, '60s'), 'wrap_info')['token'])
  }

  async unwrap(token: string): Promise<void> {
    await ask(this.url, 'sys/wrapping/unwrap', { method: 'POST', token })
  }

  async revoke(token: string): Promise<void> {
    await this.#do('auth/token/revoke', { token })
  }

  async accepts(token: string): Promise<boolean> {
    return (await ask(this.url, 'auth/token/lookup-self', { token })).status === 200
  }

  async close(): Promise<void> {
    for (const mount of this.#mounts) await ask(this.url, `sys/auth/${mount}`, { method: 'DELETE', token: this.#root })
  }

  async #enable(type: string): Promise<string> {
    const mount = `st-test/${randomUUID()}`
    await this.#do(`sys/auth/${mount}`, { type })
    this.#mounts.push(mount)
    return mount
  }

  async #do(path: string, body: object, wrapTtl?: string): Promise<Asked> {
    const answer = await ask(this.url, path, { method: 'POST', token: this.#root, body, wrapTtl })
    if (answer.status >= 300) throw new Error(`the server refuses ${path} with ${answer.status}`)
    return answer
  }
}

interface Asking {
  readonly method?: string
  readonly token: string
  readonly body?: object
  readonly wrapTtl?: string | undefined
}

interface Asked {
  readonly status: number
  readonly body: unknown
}

async function ask(url: string, path: string, { method = 'GET', token, body, wrapTtl }: Asking): Promise<Asked> {
  const response = await fetch(`${url}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': token, ...(wrapTtl !== undefined && { 'x-vault-wrap-ttl': wrapTtl }) },
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

function dataOf({ body }: Asked, member: string): Readonly<Record<string, unknown>> {
  // The answer of a server to its operator; a member that is not there fails the test.
  return (body as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[member] ?? {}
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('the server gave no text')
  return value
}
