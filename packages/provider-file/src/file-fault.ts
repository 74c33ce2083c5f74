import type { SecretErrorKind } from '@st/secrets-core/provider'
import type { Exposure } from './file-exposure.ts'

/** What is wrong with a file, whatever it holds. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
  /** How the contract calls it. */
  readonly kind: SecretErrorKind
  /** Refinement for programs. */
  readonly detail: string
  /** What to do about it. */
  readonly hint: string

  /** @param fault - Kind, detail, the reason as the end of a sentence, and the remedy. */
  constructor({ kind, detail, reason, hint }: Omit<FileFault, keyof Error> & { readonly reason: string }) {
    super(reason)
    this.kind = kind
    this.detail = detail
    this.hint = hint
  }
}

/** A directory, a pipe, a socket or a device. */
export function notAFile(): FileFault {
  const hint = 'Put a regular file there, or correct the path.'
  return new FileFault({ kind: 'malformed', detail: 'not_a_file', reason: 'it is not a regular file', hint })
}

/** More bytes than may be read. */
export function tooLarge(maxBytes: number): FileFault {
  const reason = `the file is larger than ${maxBytes} bytes`
  return new FileFault({ kind: 'malformed', detail: 'too_large', reason, hint: 'Raise maxBytes, or keep less in it.' })
}

/** Each look at the file showed another state. */
export function stillChanging(): FileFault {
  const reason = 'it was written to each time that it was read'
  return new FileFault({ kind: 'unavailable', detail: 'changing', reason, hint: 'Have it replaced by a rename.' })
}

/** A link that leaves the directory whose files may be read. */
export function leadsOutside(): FileFault {
  const hint = 'Put the file itself into the directory.'
  return new FileFault({ kind: 'insecure', detail: 'outside', reason: 'its link leads out of the directory', hint })
}

/** Others can get at it, and the provider was told to refuse that. */
export function exposed({ id, problem, fix }: Exposure): FileFault {
  return new FileFault({ kind: 'insecure', detail: id, reason: problem, hint: `Run: ${fix}` })
}
