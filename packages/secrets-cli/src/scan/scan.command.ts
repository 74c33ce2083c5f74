import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import type { ScanFlags } from './scan.ts'
import { withContext } from '../with-context.ts'

/** `st-secrets scan [PATH...]`. */
export const scanCommand: Command<CommandContext> = buildCommand<ScanFlags, string[], CommandContext>({
  loader: async () => withContext((await import('./scan.ts')).scan),
  parameters: {
    flags: {
      ...globalFlags,
      staged: {
        kind: 'boolean',
        brief: 'Look at what git would commit, as a pre-commit hook does',
        default: false,
        withNegated: false,
      },
      gitignore: {
        kind: 'boolean',
        brief: 'Leave out what git ignores',
        default: false,
        withNegated: false,
      },
      include: {
        kind: 'parsed',
        brief: 'Keys to look for that nobody lists, such as those of the environment; separated by commas',
        parse: String,
        placeholder: 'keys',
        variadic: ',',
        optional: true,
      },
    },
    aliases: globalAliases,
    positional: {
      kind: 'array',
      parameter: { brief: 'Files or folders (default: the current one)', placeholder: 'path', parse: String },
    },
  },
  docs: {
    brief: 'Find secret values in files, or in what git would commit',
    fullDescription:
      'Looks for the values of all keys, as they are, in JSON, base64, hex and percent-encoding. Prints path:line:column and the key, never the value. Ends with 6 when there are any, 4 when a provider could not be asked for its values.',
  },
})
