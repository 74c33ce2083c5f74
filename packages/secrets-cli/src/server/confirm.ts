import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { Interruption } from '../interruption.ts'

/** What is asked. */
export interface ConfirmOptions {
  /** The sentence above the choice; what comes from outside in it is printable. */
  readonly question: string
  /** Whether `--yes` was given, so that nobody is asked. */
  readonly isAgreed: boolean
}

/**
 * Goes on only if the user says so.
 *
 * @throws {@link CliError} where nobody can be asked; {@link Interruption} for no.
 */
export async function confirm(context: CommandContext, { question, isAgreed }: ConfirmOptions): Promise<void> {
  if (isAgreed) return
  if (!context.isInteractive) {
    throw new CliError(exitCodes.usage, 'This has to be confirmed, and nobody can be asked here.', 'Add --yes.')
  }
  const { confirm: ask, isCancel } = await import('@clack/prompts')
  const { stdin, stderr } = context.streams
  const answer = await ask({
    message: question,
    initialValue: false,
    // Standard streams of a process are both; only in tests they are others.
    input: stdin as NodeJS.ReadStream,
    // The same; the question is a message.
    output: stderr as NodeJS.WriteStream,
  })
  if (isCancel(answer)) throw new Interruption()
  if (answer) return
  stderr.write('Nothing was done.\n')
  throw new Interruption()
}
