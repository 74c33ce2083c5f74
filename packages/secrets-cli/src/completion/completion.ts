import type { CommandContext } from '../command-context.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { completionScript, type ShellName } from './completion-script.ts'

/** Prints the script for a shell. */
export async function completion(context: CommandContext, flags: GlobalFlags, shell: ShellName): Promise<void> {
  const output = context.output(flags)
  const script = completionScript(shell)
  await (output.isJson ? output.json({ shell, script }) : output.data(script))
}
