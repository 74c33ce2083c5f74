import { parseCommandLine, usage, UsageError } from './command-line.ts'
import { describeFailure } from './describe-failure.ts'
import { StartError } from './start-error.ts'

try {
  const command = parseCommandLine(process.argv.slice(2), process.env)
  if (command.run === 'help') console.log(usage)
  // What is wrong with the command line is told without loading the server.
  else await (await import('./serve.ts')).serve(command.listen)
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  console.error(messageOf(error))
}

function messageOf(error: unknown): string {
  return error instanceof UsageError || error instanceof StartError ? error.message : describeFailure(error)
}
