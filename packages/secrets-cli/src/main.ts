import { processContext } from './process-context.ts'
import { runCommandLine } from './run-command-line.ts'

/**
 * Runs the command line of this process, then ends it with one of the documented codes.
 *
 * @param self - The process.
 */
export async function main(self: NodeJS.Process): Promise<void> {
  const exitCode = await runCommandLine(self.argv.slice(2), processContext(self))
  // A provider that ignores its deadline may still hold a connection; everything that was printed is written by now.
  self.exit(exitCode)
}
