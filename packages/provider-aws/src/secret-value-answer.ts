import { SecretError, type SecretErrorKind } from '@st/secrets-core/provider'

/** What is used of an answer to `GetSecretValue`. */
export interface SecretValueAnswer {
  readonly ARN?: string | undefined
  readonly Name?: string | undefined
  readonly VersionId?: string | undefined
  readonly VersionStages: readonly unknown[]
  readonly SecretString?: string | undefined
  readonly SecretBinary?: Uint8Array | undefined
}

/** What errors say about the secret. */
export interface SecretOrigin {
  readonly subject: string
  readonly provider: string
}

/** Takes of an answer what has the type that it should have; the SDK hands on whatever was sent. */
export function secretValueAnswerOf(answer: unknown): SecretValueAnswer {
  const { ARN, Name, VersionId, VersionStages, SecretString, SecretBinary }: Received = answer ?? {}
  return {
    ARN: textOf(ARN),
    Name: textOf(Name),
    VersionId: textOf(VersionId),
    VersionStages: listOf(VersionStages),
    SecretString: textOf(SecretString),
    SecretBinary: SecretBinary instanceof Uint8Array ? SecretBinary : undefined,
  }
}

/** The members of a list; none of what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/**
 * The secret's text: its string, or its bytes read as UTF-8.
 *
 * @param answer - What AWS said.
 * @param origin - For errors.
 * @param notText - The kind of error for bytes that are not UTF-8. Default: `malformed`.
 * @throws SecretError when the bytes are not UTF-8; of kind `malformed` when there are neither text nor bytes.
 */
export function secretTextOf(
  { SecretString: text, SecretBinary: bytes }: SecretValueAnswer,
  { subject, provider }: SecretOrigin,
  notText: SecretErrorKind = 'malformed',
): string {
  if (text !== undefined) return text
  const details = { provider, hint: 'Store text, or bytes that are UTF-8.' }
  if (bytes === undefined) throw new SecretError('malformed', `${subject} has no value.`, details)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SecretError(notText, `${subject} is binary and not UTF-8 text.`, details)
  }
}

type Received = { readonly [Member in keyof SecretValueAnswer]?: unknown }

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
