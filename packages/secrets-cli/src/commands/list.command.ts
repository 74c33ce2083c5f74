import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ListFlags } from './list.ts'

/** `st-secrets list`. */
export const listCommand: Command<CommandContext> = buildCommand<ListFlags, [string?], CommandContext>({
  loader: async () => withContext((await import('./list.ts')).list),
  parameters: {
    flags: {
      ...globalFlags,
      include: {
        kind: 'parsed',
        brief: 'Keys to report on that nobody lists, such as those of the environment; separated by commas',
        parse: String,
        placeholder: 'keys',
        variadic: ',',
        optional: true,
      },
    },
    aliases: globalAliases,
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Only keys that begin so', placeholder: 'prefix', parse: String, optional: true }],
    },
  },
  docs: {
    brief: 'List the keys of all providers, and who has them; never values',
    fullDescription:
      'The environment cannot list keys: of its variables those are shown that another provider lists, too.',
  },
})
