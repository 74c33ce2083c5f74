/** The user pressed Ctrl-C while being asked: the process ends as if the signal had ended it, without a message. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  /** 128 and the number of SIGINT, as shells count. */
  readonly exitCode = 130
}
