import { buildCommand, type Command, type TypedPositionalParameter } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { BackUpFlags } from './back-up.ts'
import type { RestoreBackupFlags } from './restore-backup.ts'
import { serverFlags, switchFlag, yesFlag } from './server-flags.ts'

const file: TypedPositionalParameter<string, CommandContext> = {
  brief: 'File of the backup',
  placeholder: 'file',
  parse: String,
}

/** `st-secrets backup FILE`. */
export const backUpCommand: Command<CommandContext> = buildCommand<BackUpFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./back-up.ts')).backUp),
  parameters: {
    flags: {
      ...serverFlags,
      withoutKeys: switchFlag('Leave the keys out, for a server that has them; no passphrase is asked for'),
      force: switchFlag('Replace a file that is there'),
    },
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [file] },
  },
  docs: {
    brief: 'Server: download a backup of everything, its keys sealed with a passphrase',
    fullDescription:
      'The passphrase is asked for, or read from standard input. Without it the keys cannot be had back.',
  },
})

/** `st-secrets restore FILE`. */
export const restoreBackupCommand: Command<CommandContext> = buildCommand<RestoreBackupFlags, [string], CommandContext>(
  {
    loader: async () => withContext((await import('./restore-backup.ts')).restoreBackup),
    parameters: {
      flags: { ...serverFlags, yes: yesFlag },
      aliases: globalAliases,
      positional: { kind: 'tuple', parameters: [file] },
    },
    docs: {
      brief: 'Server: put a backup in the place of everything',
      fullDescription:
        'Where the keys are in it, the passphrase is asked for, or read from standard input. Everybody has to sign in again.',
    },
  },
)
