import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases, globalFlags } from '../global-flags.ts'
import { revealFlag } from '../commands/parameters.ts'
import { contextFlag, formatFlag, keyFileFlag, saltFlag } from './credential-flags.ts'
import type { DecryptFlags, EncryptFlags } from './crypt.ts'
import { withContext } from '../with-context.ts'

const keyFlags = {
  keyFile: keyFileFlag('File of the key (default: SIMPLETUNER_CREDENTIAL_KEY, else ~/.simpletuner/credential.key)'),
  salt: saltFlag('Salt of the key, where it is a passphrase; not secret'),
  context: contextFlag,
}

/** `st-secrets credentials encrypt`. */
export const encryptCommand: Command<CommandContext> = buildCommand<EncryptFlags, [], CommandContext>({
  loader: async () => withContext((await import('./crypt.ts')).encrypt),
  parameters: { flags: { ...globalFlags, ...keyFlags, format: formatFlag }, aliases: globalAliases },
  docs: { brief: 'Encrypt a credential from standard input; print its token' },
})

/** `st-secrets credentials decrypt`. */
export const decryptCommand: Command<CommandContext> = buildCommand<DecryptFlags, [], CommandContext>({
  loader: async () => withContext((await import('./crypt.ts')).decrypt),
  parameters: { flags: { ...globalFlags, ...keyFlags, reveal: revealFlag }, aliases: globalAliases },
  docs: { brief: 'Decrypt a token from standard input; print the credential' },
})
