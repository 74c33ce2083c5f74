import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import { keyParameter, providerFlag } from './parameters.ts'
import type { SetFlags } from './set.ts'

/** `st-secrets set KEY`. */
export const setCommand: Command<CommandContext> = buildCommand<SetFlags, string[], CommandContext>({
  loader: async () => withContext((await import('./set.ts')).set),
  parameters: {
    flags: {
      ...globalFlags,
      provider: { ...providerFlag, brief: 'Name of the provider to store in (default: the first that can)' },
      exact: {
        kind: 'boolean',
        brief: 'Keep a line break at the end of what is piped in',
        default: false,
        withNegated: false,
      },
    },
    aliases: globalAliases,
    // More than one is taken here, so that the reason for refusing can be told.
    positional: { kind: 'array', parameter: keyParameter, minimum: 1 },
  },
  docs: {
    brief: 'Store a value, typed unseen or piped in',
    customUsage: ['KEY', { input: 'KEY <value.txt', brief: 'from a file' }],
  },
})
