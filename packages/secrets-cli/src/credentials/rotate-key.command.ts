import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { contextFlag, formatFlag, keyFileFlag, saltFlag, tokenFileFlags } from './credential-flags.ts'
import type { RotateKeyFlags } from './rotate-key.ts'
import { withContext } from '../with-context.ts'

/** `st-secrets credentials rotate-key FILE`. */
export const rotateKeyCommand: Command<CommandContext> = buildCommand<RotateKeyFlags, [string], CommandContext>({
  loader: async () => withContext((await import('./rotate-key.ts')).rotateKey),
  parameters: {
    flags: {
      ...globalFlags,
      ...tokenFileFlags,
      context: contextFlag,
      format: formatFlag,
      keyFile: keyFileFlag('File of the new key'),
      salt: saltFlag('Salt of the new key, where it is a passphrase; not secret'),
      oldKeyFile: {
        kind: 'parsed',
        brief:
          'File of an old key; may be repeated (default: SIMPLETUNER_CREDENTIAL_KEY, else ~/.simpletuner/credential.key)',
        parse: String,
        placeholder: 'path',
        variadic: true,
        optional: true,
      },
      oldSalt: saltFlag('Salt of the old keys'),
      dryRun: {
        kind: 'boolean',
        brief: 'Say what would be done, and write nothing',
        default: false,
        withNegated: false,
      },
      skipProblems: {
        kind: 'boolean',
        brief: 'Rotate the rest where some tokens cannot be (default: nothing is written then)',
        default: false,
        withNegated: false,
      },
    },
    aliases: globalAliases,
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'File of tokens: NDJSON, CSV, or an SQLite database', placeholder: 'file', parse: String }],
    },
  },
  docs: {
    brief: 'Bring the tokens of a file to a new key',
    fullDescription:
      'Everything is decrypted before anything is written, and read back with the new key alone before it counts. Stopped or killed, nothing is lost: run it again with the same keys. Keep the old key until it has ended with 0, and as long as there are backups.',
  },
})
