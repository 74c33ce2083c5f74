import {
  type CredentialCipher,
  type CredentialContext,
  CredentialError,
  type CredentialErrorKind,
} from '@st/credential-crypto'
import { type ContextChoice, contextOf } from './row-context.ts'

/** A record whose token could not be used; it stays as it is. */
export interface TokenProblem {
  /** Line of a file, or row id of a table. */
  readonly place: string
  /** Why. `malformed` is what a plaintext gives, `no_context` a record that lacks what its token is bound to. */
  readonly kind: CredentialErrorKind | 'no_context' | 'no_text'
}

/** How far a task has come. */
export interface TokenProgress {
  /** What is being done. */
  readonly phase: 'checking' | 'rewriting' | 'verifying' | 'exporting'
  /** Out of {@link TokenProgress.total}. */
  readonly done: number
  /** Bytes of a file, or rows of a table. */
  readonly total: number
}

/** Is told how far a task has come. */
export type OnProgress = (progress: TokenProgress) => void

/** What a rotation has done. Holds no token. */
export interface RotationReport {
  /** Records that hold a token. */
  readonly tokens: number
  /** Tokens that are new, or would be. */
  readonly changed: number
  /** Records without a token. */
  readonly empty: number
  /** Records that stay as they are. */
  readonly problems: readonly TokenProblem[]
  /** Tokens that were read back and decrypted with the new key alone; 0 when nothing was written. */
  readonly verified: number
  /** Whether anything was written. */
  readonly isWritten: boolean
}

/** What a rotation ends the process with: 6 when a token could not be rotated. */
export function rotationExitCode({ problems }: RotationReport): 0 | 6 {
  return problems.length > 0 ? 6 : 0
}

/** Uses the token of a record, or says why that is not possible. */
export function attempt<T>(
  record: { member(name: string): string | undefined },
  choice: ContextChoice,
  use: (context: CredentialContext) => T,
): { readonly value: T } | { readonly kind: TokenProblem['kind'] } {
  const context = contextOf(record, choice)
  if (context === 'missing') return { kind: 'no_context' }
  try {
    return { value: use(context) }
  } catch (error) {
    if (CredentialError.isInstance(error)) return { kind: error.kind }
    throw error
  }
}

/**
 * Whether a new token is in the place of an old one: same plaintext, and nothing but the new key needed.
 *
 * @param tokens - The old and the new one, of one context.
 */
export function isSound(
  { ring, target }: { readonly ring: CredentialCipher; readonly target: CredentialCipher },
  { before, after, context }: { readonly before: string; readonly after: string; readonly context: CredentialContext },
): boolean {
  try {
    return !target.needsReencrypt(after) && target.decrypt(after, context) === ring.decrypt(before, context)
  } catch (error) {
    // A payload that is not UTF-8 rotates all the same; its own tag vouches for it.
    if (CredentialError.isInstance(error)) return error.kind === 'not_utf8' && !target.needsReencrypt(after)
    throw error
  }
}
