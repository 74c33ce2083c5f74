import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { InitFlags } from './init.ts'

/** `st-secrets init`. */
export const initCommand: Command<CommandContext> = buildCommand<InitFlags, [], CommandContext>({
  loader: async () => withContext((await import('./init.ts')).init),
  parameters: {
    flags: {
      ...globalFlags,
      format: {
        kind: 'enum',
        brief: 'Kind of file; JSON has no comments',
        values: ['ts', 'mjs', 'json'],
        default: 'ts',
      },
    },
    aliases: { ...globalAliases, f: 'format' },
  },
  docs: { brief: 'Write a configuration file with comments, and have git ignore files of secrets' },
})
