import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { readValue } from '../read-value.ts'
import { credentialShape, credentialsPath } from './credential-view.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `credentials add`. */
export interface AddCredentialFlags extends ServerFlags {
  readonly user?: number
  readonly description?: string
  readonly exact: boolean
}

/** Stores a credential on a server; one that is there gets the value as a new version. */
export async function addCredential(
  context: CommandContext,
  flags: AddCredentialFlags,
  ...words: readonly string[]
): Promise<void> {
  const [provider = '', name = '', ...values] = words
  if (values.length > 0) throw valueInArguments()
  if (name === '') throw new CliError(exitCodes.usage, 'PROVIDER and NAME are needed.')
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const prompt = `Value of ${printable(name)} for ${printable(provider)} (not shown)`
  const value = await readValue(context, { prompt, isExact: flags.exact })
  const { user: userId, description } = flags
  const body = { provider, name, value, description }
  const path = credentialsPath(userId)
  const credential = await client.ask({ method: 'POST', path, body, secrets: [value] }, credentialShape)
  if (output.isJson) await output.json({ credential })
  else {
    const version = credential.version === 1 ? 'new' : `version ${credential.version}`
    await output.message(`Stored ${printable(name)} for ${printable(provider)} at ${client.address} (${version}).`)
  }
}

function valueInArguments(): CliError {
  return new CliError(
    exitCodes.usage,
    'A value must not stand on the command line: other users of this machine can read it there, and shells keep it.',
    'Pipe it in, or run the command with provider and name alone and type it.',
  )
}
