import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { SecretError } from '@st/secrets-core/provider'
import type { Credential } from './auth-options.ts'

/** What errors say about a credential. */
export interface CredentialOrigin {
  /** Option that holds it, such as `auth.secretId`. */
  readonly option: string
  /** Name of the provider. */
  readonly provider: string
}

/** Bytes that the file of a credential may have. */
const maxBytes = 64 * 1024

/**
 * The text of a credential.
 *
 * @throws SecretError naming the option: `not_configured` when a file cannot be read or there is no text in it,
 *   `unavailable` when a function fails with something else than a SecretError.
 */
export async function readCredential(credential: Credential, origin: CredentialOrigin): Promise<string> {
  if (typeof credential === 'string') return credential
  const text = typeof credential === 'function' ? await ask(credential, origin) : await read(credential.path, origin)
  if (typeof text === 'string' && text !== '') return text
  throw unusable(origin, 'gives no text')
}

async function ask(
  credential: () => string | Promise<string>,
  { option, provider }: CredentialOrigin,
): Promise<unknown> {
  try {
    return await credential()
  } catch (error) {
    if (SecretError.isInstance(error)) throw error
    // What it threw may quote the credential.
    throw new SecretError('unavailable', `The function in ${option} failed.`, { provider })
  }
}

async function read(path: string, origin: CredentialOrigin): Promise<string> {
  const text = await textOf(path).catch(() => undefined)
  if (text !== undefined) return text
  throw unusable(origin, `names the file "${path}", which cannot be read or is too large`)
}

/** `undefined` for a file that is too large. */
async function textOf(path: string): Promise<string | undefined> {
  // A pipe would be waited for without end.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0)
    return bytesRead > maxBytes ? undefined : buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await file.close()
  }
}

function unusable({ option, provider }: CredentialOrigin, problem: string): SecretError {
  return new SecretError('not_configured', `${option} ${problem}.`, { provider })
}
