import { buildCommand, type Command } from '@stricli/core'
import type { CommandContext } from '../command-context.ts'
import { globalAliases } from '../global-flags.ts'
import { withContext } from '../with-context.ts'
import type { AddCredentialFlags } from './add-credential.ts'
import type { ListCredentialsFlags } from './list-credentials.ts'
import type { RevokeCredentialsFlags } from './revoke-credentials.ts'
import { countFlag, nameParameter, serverFlags, switchFlag, textFlag, userFlag, yesFlag } from './server-flags.ts'
import type { SwitchCredentialFlags } from './switch-credential.ts'
import type { ValidateCredentialFlags } from './validate-credential.ts'

const provider = nameParameter('What it is for: replicate, huggingface', 'provider')
const name = nameParameter('Name of the credential: api_token', 'name')
const ofUser = { ...serverFlags, user: userFlag }

/** `st-secrets credentials list`. */
export const listCredentialsCommand: Command<CommandContext> = buildCommand<ListCredentialsFlags, [], CommandContext>({
  loader: async () => withContext((await import('./list-credentials.ts')).listCredentials),
  parameters: {
    flags: {
      ...ofUser,
      provider: textFlag('Only those for this provider', 'provider'),
      stale: switchFlag('Only those that were not changed for long, the longest unchanged first'),
      limit: countFlag('How many at most (default: all)'),
    },
    aliases: globalAliases,
  },
  docs: { brief: 'Server: list the stored credentials, never their values' },
})

/** `st-secrets credentials add PROVIDER NAME`. */
export const addCredentialCommand: Command<CommandContext> = buildCommand<AddCredentialFlags, string[], CommandContext>(
  {
    loader: async () => withContext((await import('./add-credential.ts')).addCredential),
    parameters: {
      flags: {
        ...ofUser,
        description: textFlag('What it is for, to be listed with it', 'text'),
        exact: switchFlag('Keep a line break at the end of what is piped in'),
      },
      aliases: globalAliases,
      positional: { kind: 'array', parameter: { ...provider, placeholder: 'provider name' } },
    },
    docs: { brief: 'Server: store a credential; its value is asked for, or read from standard input' },
  },
)

/** `st-secrets credentials revoke PROVIDER [NAME]`. */
export const revokeCredentialsCommand: Command<CommandContext> = buildCommand<
  RevokeCredentialsFlags,
  [string, string?],
  CommandContext
>({
  loader: async () => withContext((await import('./revoke-credentials.ts')).revokeCredentials),
  parameters: {
    flags: { ...ofUser, yes: yesFlag },
    aliases: globalAliases,
    positional: { kind: 'tuple', parameters: [provider, { ...name, optional: true }] },
  },
  docs: { brief: 'Server: remove a credential with its history, or all for one provider' },
})

/** `st-secrets credentials activate PROVIDER NAME`. */
export const activateCredentialCommand: Command<CommandContext> = switchCommand(
  'Server: let a credential be used again',
  async () => withContext((await import('./switch-credential.ts')).activateCredential),
)

/** `st-secrets credentials deactivate PROVIDER NAME`. */
export const deactivateCredentialCommand: Command<CommandContext> = switchCommand(
  'Server: keep a credential, but let nobody use it',
  async () => withContext((await import('./switch-credential.ts')).deactivateCredential),
)

/** `st-secrets credentials validate PROVIDER NAME`. */
export const validateCredentialCommand: Command<CommandContext> = buildCommand<
  ValidateCredentialFlags,
  [string, string],
  CommandContext
>({
  loader: async () => withContext((await import('./validate-credential.ts')).validateCredential),
  parameters: { flags: ofUser, aliases: globalAliases, positional: { kind: 'tuple', parameters: [provider, name] } },
  docs: { brief: 'Server: ask the provider whether it accepts the credential that is used' },
})

type SwitchAction = (
  this: CommandContext,
  flags: SwitchCredentialFlags,
  ...names: readonly [provider: string, name: string]
) => Promise<void>

function switchCommand(brief: string, loader: () => Promise<SwitchAction>): Command<CommandContext> {
  return buildCommand<SwitchCredentialFlags, [string, string], CommandContext>({
    loader,
    parameters: { flags: ofUser, aliases: globalAliases, positional: { kind: 'tuple', parameters: [provider, name] } },
    docs: { brief },
  })
}
