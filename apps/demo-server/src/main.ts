import { parseCommandLine, usage, UsageError } from './command-line.ts'
import { describeFailure } from './describe-failure.ts'
import { StartError } from './start-error.ts'

try {
  const command = parseCommandLine(process.argv.slice(2), process.env)
  // What is wrong with the command line is told without loading the server.
  if (command.run === 'help') console.log(usage)
  else if (command.run === 'reset-admin')
    console.log(await (await import('./reset-administrator.ts')).resetAdministrator())
  else if (command.run === 'import')
    console.log(await (await import('./import-credentials.ts')).importCredentials(command))
  else if (command.run === 'backup') console.log(await (await import('./backup-commands.ts')).backUp(command.path))
  else if (command.run === 'restore') console.log(await (await import('./backup-commands.ts')).restore(command.path))
  else await (await import('./serve.ts')).serve(command)
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  console.error(messageOf(error))
}

function messageOf(error: unknown): string {
  return error instanceof UsageError || error instanceof StartError ? error.message : describeFailure(error)
}
