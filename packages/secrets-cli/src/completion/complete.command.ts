import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { withContext } from '../with-context.ts'
import type { CompleteFlags } from './complete.ts'

/** `st-secrets complete -- WORDS`, which the scripts of `completion` ask; not shown. */
export const completeCommand: Command<CommandContext> = buildCommand<CompleteFlags, string[], CommandContext>({
  loader: async () => withContext((await import('./complete.ts')).complete),
  parameters: {
    flags: {
      empty: {
        kind: 'boolean',
        brief: 'The word to complete is empty and not given',
        default: false,
        withNegated: false,
      },
    },
    positional: { kind: 'array', parameter: { brief: 'What was typed behind st-secrets', parse: String } },
  },
  docs: { brief: 'Propose what comes next, for shells' },
})
