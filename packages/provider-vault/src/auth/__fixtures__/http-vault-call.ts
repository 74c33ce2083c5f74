import { parseJson } from '@st/secrets-core/provider'
import type { VaultCall } from '../vault-call.ts'

/** Sends requests to a server, with nothing of the provider's transport. */
export function httpVaultCall(url: string): VaultCall {
  return async ({ method, path, body, token, namespace, signal }) => {
    const response = await fetch(`${url}/v1/${path}`, {
      method,
      signal,
      headers: {
        'x-vault-request': 'true',
        ...(token !== undefined && { 'x-vault-token': token }),
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? undefined : parseJson(text),
      leavesOrigin: false,
      retryAfter: response.headers.get('retry-after') ?? undefined,
    }
  }
}
