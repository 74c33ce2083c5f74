import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { ExplainFlags } from './explain.ts'
import { keyParameter } from './parameters.ts'

/** `st-secrets explain KEY`. */
export const explainCommand: Command<CommandContext> = buildCommand<ExplainFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./explain.ts')).explain),
  parameters: {
    flags: globalFlags,
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [keyParameter] },
  },
  docs: { brief: 'Ask every provider for a key: who answers what, how fast, and why one wins' },
})
