import { SecretError } from '@st/secrets-core/provider'

/** What is read of an answer to `GetSecretValue`. */
export interface SecretValueAnswer {
  readonly ARN?: string
  readonly VersionId?: string
  readonly SecretString?: string
  readonly SecretBinary?: Uint8Array
}

/** What errors say about the secret. */
export interface SecretOrigin {
  readonly subject: string
  readonly provider: string
}

/**
 * The secret's text: its string, or its bytes read as UTF-8.
 *
 * @throws SecretError of kind `malformed` when the bytes are not UTF-8, or when there is neither.
 */
export function secretTextOf(answer: SecretValueAnswer, { subject, provider }: SecretOrigin): string {
  const { SecretString: text, SecretBinary: bytes } = answer
  if (typeof text === 'string') return text
  if (!(bytes instanceof Uint8Array)) throw new SecretError('malformed', `${subject} has no value.`, { provider })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SecretError('malformed', `${subject} is binary and not UTF-8 text.`, { provider })
  }
}
