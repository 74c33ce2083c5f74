import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import type { DoctorFlags } from './doctor.ts'
import { withContext } from '../with-context.ts'

/** `st-secrets doctor`. */
export const doctorCommand: Command<CommandContext> = buildCommand<DoctorFlags, [], CommandContext>({
  loader: async () => withContext((await import('./doctor.ts')).doctor),
  parameters: {
    flags: {
      ...globalFlags,
      timeout: { ...globalFlags.timeout, brief: 'Seconds for everything (default: 5)' },
      include: {
        kind: 'parsed',
        brief: 'Keys to look at that nobody lists, such as those of the environment; separated by commas',
        parse: String,
        placeholder: 'keys',
        variadic: ',',
        optional: true,
      },
    },
    aliases: globalAliases,
  },
  docs: {
    brief: 'Look for what is wrong, and say what to do about it',
    fullDescription:
      'Asks every provider how it is, and looks at permissions of files, clocks, the key of stored credentials, shadowed and short values, and files of secrets that git would commit. Ends with 0, or with 4 when something does not work.',
  },
})
