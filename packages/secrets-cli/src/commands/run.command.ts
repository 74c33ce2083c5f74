import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import { onlyFlag } from './parameters.ts'
import type { RunFlags } from './run.ts'

/** `st-secrets run -- COMMAND`. */
export const runCommand: Command<CommandContext> = buildCommand<RunFlags, string[], CommandContext>({
  loader: async () => withContext((await import('./run.ts')).run),
  parameters: {
    flags: {
      ...globalFlags,
      only: onlyFlag,
      inherit: { kind: 'boolean', brief: 'Hand on our own environment variables, too', default: true },
      redact: {
        kind: 'boolean',
        brief: 'Replace values in what the command prints by [KEY]',
        default: false,
        withNegated: false,
      },
    },
    aliases: globalAliases,
    positional: {
      kind: 'array',
      parameter: { brief: 'Command and its arguments, behind --', placeholder: 'command', parse: String },
      minimum: 1,
    },
  },
  docs: {
    brief: 'Run a command with secrets as environment variables',
    fullDescription:
      'Run a command with secrets as environment variables: those of all keys that providers list, or those of --only.\nIt ends with the exit code of the command, 128 and the number of the signal that ended it, 126 when it cannot be run, 127 when there is none.',
    customUsage: ['-- COMMAND', { input: "--only 'DB_*,HF_TOKEN' -- COMMAND", brief: 'with some of them' }],
  },
})
