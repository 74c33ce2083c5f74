import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'

/** What of a real server belongs to a test. Everything has a random name, and is removed in the end. */
export class RealVault {
  readonly url: string
  /** Root of a server that may be thrown away. */
  readonly token: string
  readonly #made: (() => Promise<unknown>)[] = []

  constructor({ url, token }: { readonly url: string; readonly token: string }) {
    this.url = url
    this.token = token
  }

  /** Sends a request; answers the parsed body, and throws for a refusal. */
  async call(method: string, path: string, { body, namespace }: CallOptions = {}): Promise<unknown> {
    const answer = await this.#send(method, path, { body, namespace })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: status ${answer.status}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** Mounts a KV engine and waits until it can be used. */
  async mountKeyValue(version: 1 | 2, namespace?: string): Promise<string> {
    const mount = `st-test/${randomUUID()}`
    await this.mount(mount, { type: 'kv', options: { version: `${version}` } }, namespace)
    const path = `${mount}/${version === 2 ? 'data/' : ''}x`
    // Version 2 answers 400 for a moment while it makes its storage.
    await vi.waitUntil(async () => (await this.#send('GET', path, { namespace })).status === 404, 5000)
    return mount
  }

  /** Mounts an engine. */
  async mount(mount: string, engine: object, namespace?: string): Promise<void> {
    await this.call('POST', `sys/mounts/${mount}`, { body: engine, namespace })
    this.#made.push(() => this.#send('DELETE', `sys/mounts/${mount}`, { namespace }))
  }

  /** Makes a namespace; `undefined` on a server that has none. */
  async makeNamespace(): Promise<string | undefined> {
    const namespace = `st-test-${randomUUID()}`
    const made = await this.#send('POST', `sys/namespaces/${namespace}`, {})
    if (!made.ok) return undefined
    this.#made.push(() => this.#send('DELETE', `sys/namespaces/${namespace}`, {}))
    return namespace
  }

  /** Makes a token that has one policy. */
  async makeToken(policy: string, facts: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const name = `st-test-${randomUUID()}`
    await this.call('PUT', `sys/policies/acl/${name}`, { body: { policy } })
    this.#made.push(() => this.#send('DELETE', `sys/policies/acl/${name}`, {}))
    const body = { policies: [name], ttl: '10m', ...facts }
    // As recorded: a creation answers the token in `auth`.
    const { auth } = (await this.call('POST', 'auth/token/create', { body })) as { auth: { client_token: string } }
    return auth.client_token
  }

  /** Limits the rate of one mount. */
  async limitRate(mount: string): Promise<void> {
    const name = `st-test-${randomUUID()}`
    await this.call('POST', `sys/quotas/rate-limit/${name}`, { body: { path: `${mount}/`, rate: 1, interval: '60s' } })
    this.#made.push(() => this.#send('DELETE', `sys/quotas/rate-limit/${name}`, {}))
  }

  /** Removes all of it, the last first. */
  async clean(): Promise<void> {
    for (const remove of this.#made.splice(0).toReversed()) await remove()
  }

  async #send(method: string, path: string, { body, namespace }: CallOptions): Promise<Response> {
    const headers = { 'x-vault-token': this.token, ...(namespace && { 'x-vault-namespace': namespace }) }
    return fetch(`${this.url}/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  }
}

/** What a request may have. */
export interface CallOptions {
  readonly body?: object | undefined
  readonly namespace?: string | undefined
}
