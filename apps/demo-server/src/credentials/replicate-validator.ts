import type { CredentialValidator, CredentialVerdict } from './credential-validator.ts'

const mostBytes = 64 * 1024

/**
 * Asks Replicate whose account a token opens (`GET /v1/account`).
 *
 * @param baseUrl - Default: Replicate itself.
 */
export function replicateValidator(baseUrl = 'https://api.replicate.com'): CredentialValidator {
  return { provider: 'replicate', name: 'api_token', validate: (value, signal) => ask(baseUrl, value, signal) }
}

async function ask(baseUrl: string, token: string, signal: AbortSignal): Promise<CredentialVerdict> {
  // `fetch` would refuse such a header with a message that quotes it.
  if (!/^[\x21-\x7e]+$/.test(token)) return { outcome: 'invalid' }
  const response = await fetch(new URL('/v1/account', baseUrl), {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    // The token goes to no other host.
    redirect: 'manual',
    signal,
  })
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel()
    return { outcome: 'invalid' }
  }
  const account = response.status === 200 ? accountOf(await read(response)) : undefined
  if (response.status !== 200) await response.body?.cancel()
  return account === undefined ? { outcome: 'unknown', reason: 'unexpected_answer' } : { outcome: 'valid', account }
}

async function read(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > mostBytes) return ''
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function accountOf(text: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  const username = typeof body === 'object' && body !== null && 'username' in body ? body.username : undefined
  return typeof username === 'string' && username.length <= 200 ? username : undefined
}
