import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { GetFlags } from './get.ts'
import { keyParameter, providerFlag, revealFlag } from './parameters.ts'

/** `st-secrets get KEY`. */
export const getCommand: Command<CommandContext> = buildCommand<GetFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./get.ts')).get),
  parameters: {
    flags: {
      ...globalFlags,
      reveal: revealFlag,
      provider: providerFlag,
      default: {
        kind: 'parsed',
        brief: 'Print this where no provider has the key; no secret, it is seen by other users',
        parse: String,
        placeholder: 'text',
        optional: true,
      },
      noNewline: { kind: 'boolean', brief: 'Print no line break behind the value', default: false, withNegated: false },
    },
    aliases: { ...globalAliases, n: 'noNewline' },
    positional: { kind: 'tuple', parameters: [keyParameter] },
  },
  docs: { brief: 'Print the value of a key' },
})
