import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { DeleteFlags } from './delete.ts'
import { keyParameter, providerFlag } from './parameters.ts'

/** `st-secrets delete KEY`. */
export const deleteCommand: Command<CommandContext> = buildCommand<DeleteFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./delete.ts')).deleteKey),
  parameters: {
    flags: {
      ...globalFlags,
      provider: { ...providerFlag, brief: 'Name of the provider to delete from (default: the first that can)' },
    },
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [keyParameter] },
  },
  docs: { brief: 'Remove a key from the provider that stores' },
})
