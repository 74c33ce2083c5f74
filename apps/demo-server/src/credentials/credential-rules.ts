import { Refusal } from '../refusal.ts'

/** What a credential is found by. Case matters, and so does every character: it may hold colons and slashes. */
export interface CredentialName {
  readonly provider: string
  readonly name: string
}

/** @throws Refusal `INVALID_CREDENTIAL_NAME` */
export function requireCredentialName({ provider, name }: CredentialName): void {
  if (isName(provider) && isName(name)) return
  throw new Refusal(
    'invalid',
    'INVALID_CREDENTIAL_NAME',
    'Provider and name have 1 to 200 characters, no control characters, and are not "." or "..".',
  )
}

/** @throws Refusal `INVALID_CREDENTIAL_VALUE` */
export function requireCredentialValue(value: string): void {
  if (value.isWellFormed() && value.length <= 65_536) return
  throw new Refusal(
    'invalid',
    'INVALID_CREDENTIAL_VALUE',
    'A credential is well-formed text of at most 65,536 characters.',
  )
}

/** @throws Refusal `INVALID_DESCRIPTION` */
export function requireDescription(description: string | null): void {
  if (description === null) return
  const isText = description.isWellFormed() && !description.includes('\0')
  if (isText && description.length <= 500) return
  throw new Refusal('invalid', 'INVALID_DESCRIPTION', 'A description has at most 500 characters.')
}

/** Of a credential that is not there, or belongs to somebody else. */
export function credentialNotFound(): Refusal {
  return new Refusal('not_found', 'CREDENTIAL_NOT_FOUND', 'There is no such credential.')
}

function isName(text: string): boolean {
  // As a part of an address, percent-encoded or not, clients take these for others (RFC 3986 §5.2.4).
  if (text === '.' || text === '..') return false
  return text !== '' && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
