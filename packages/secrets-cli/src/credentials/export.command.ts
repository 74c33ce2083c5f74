import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { revealFlag } from '../commands/parameters.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { contextFlag, keyFileFlag, saltFlag, tokenFileFlags } from './credential-flags.ts'
import type { ExportCredentialsFlags } from './export.ts'
import { withContext } from '../with-context.ts'

/** `st-secrets credentials export FILE`. */
export const exportCredentialsCommand: Command<CommandContext> = buildCommand<
  ExportCredentialsFlags,
  [string],
  CommandContext
>({
  loader: async () => withContext((await import('./export.ts')).exportCredentials),
  parameters: {
    flags: {
      ...globalFlags,
      ...tokenFileFlags,
      context: contextFlag,
      keyFile: keyFileFlag('File of the key (default: SIMPLETUNER_CREDENTIAL_KEY, else ~/.simpletuner/credential.key)'),
      salt: saltFlag('Salt of the key, where it is a passphrase; not secret'),
      reveal: revealFlag,
      output: {
        kind: 'parsed',
        brief: 'File to make, for you only (default: standard output)',
        parse: String,
        placeholder: 'path',
        optional: true,
      },
    },
    aliases: { ...globalAliases, o: 'output' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'File of tokens: NDJSON, CSV, or an SQLite database', placeholder: 'file', parse: String }],
    },
  },
  docs: {
    brief: 'Write the credentials of a file of tokens in plaintext',
    fullDescription:
      'NDJSON and CSV stay what they are, with credentials in the place of tokens; a table becomes NDJSON.',
  },
})
