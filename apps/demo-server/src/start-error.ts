/** A failure to start that a user can mend; the message is one line with the remedy. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
