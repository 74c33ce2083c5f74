import type { CommandContext } from '../command-context.ts'
import { printable } from '../printable.ts'
import { credentialShape, credentialsPath } from './credential-view.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `credentials activate` and `credentials deactivate`. */
export interface SwitchCredentialFlags extends ServerFlags {
  readonly user?: number
}

/** Lets a credential of a server be used again. */
export async function activateCredential(
  context: CommandContext,
  flags: SwitchCredentialFlags,
  ...[provider, name]: readonly [provider: string, name: string]
): Promise<void> {
  await switchCredential(context, flags, { provider, name, verb: 'activate' })
}

/** Keeps a credential of a server, but lets nobody use it. */
export async function deactivateCredential(
  context: CommandContext,
  flags: SwitchCredentialFlags,
  ...[provider, name]: readonly [provider: string, name: string]
): Promise<void> {
  await switchCredential(context, flags, { provider, name, verb: 'deactivate' })
}

interface Switch {
  readonly provider: string
  readonly name: string
  readonly verb: 'activate' | 'deactivate'
}

async function switchCredential(
  context: CommandContext,
  flags: SwitchCredentialFlags,
  { provider, name, verb }: Switch,
): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const path = `${credentialsPath(flags.user, provider, name)}/${verb}`
  const credential = await client.ask({ method: 'POST', path }, credentialShape)
  if (output.isJson) await output.json({ credential })
  else await output.message(`${printable(name)} for ${printable(provider)} is ${verb}d at ${client.address}.`)
}
