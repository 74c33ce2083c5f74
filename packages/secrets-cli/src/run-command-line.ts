import { run, type StricliProcess } from '@stricli/core'
import { buildCommandLine } from './application.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-codes.ts'
import { Interruption } from './interruption.ts'
import { moveGlobalFlags } from './move-global-flags.ts'

/**
 * Runs one command line.
 *
 * @param inputs - What follows the program's name.
 * @param context - What the command may touch of the world.
 * @returns What the process is to end with. Everything that was printed is written by then.
 */
export async function runCommandLine(inputs: readonly string[], context: CommandContext): Promise<number> {
  const failures: unknown[] = []
  const printed: string[] = []
  const parser: StricliProcess = {
    stdout: {
      write: text => printed.push(text),
      getColorDepth: env => context.process.stdout.getColorDepth?.(env) ?? 1,
    },
    // The parser prints failures there; ours are told below, one for a command line.
    stderr: { write: () => undefined, getColorDepth: () => 1 },
    env: context.env,
  }
  const words = moveGlobalFlags(inputs)
  const flags = outputFlags(words)
  const commandContext = Object.defineProperty(Object.create(context), 'process', { value: parser })
  const application = buildCommandLine({ onFailure: error => failures.push(error), hasColor: flags.color })
  await run(application, words, commandContext)
  return settle()

  /** Prints what is left to print and gives the exit code. */
  async function settle(): Promise<number> {
    const output = context.output(flags)
    try {
      if (printed.length > 0) await output.data(printed.join(''))
    } catch (error) {
      failures.push(error)
    }
    const [failure] = failures
    if (failure instanceof Interruption) return failure.exitCode
    if (failures.length === 0) return Number(parser.exitCode ?? exitCodes.ok)
    const { tellFailure } = await import('./tell-failure.ts')
    return tellFailure(failure, output)
  }
}

/** Read from the words, because failures of the parser are to be told in the same way as all others. */
function outputFlags(words: readonly string[]): { json: boolean; quiet: boolean; color: boolean } {
  const end = words.indexOf('--')
  const own = end === -1 ? words : words.slice(0, end)
  return { json: own.includes('--json'), quiet: false, color: !own.includes('--no-color') }
}
