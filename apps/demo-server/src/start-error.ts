/** A failure to start that a user can mend; the message is one line with the remedy. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The same for a failure that says what to do about it. */
export function startErrorOf({
  message,
  hint,
}: {
  readonly message: string
  readonly hint?: string | undefined
}): StartError {
  return new StartError(`${message} ${hint ?? ''}`.trim())
}
