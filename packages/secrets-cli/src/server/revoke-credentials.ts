import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { amount, anything, members } from './answer-shape.ts'
import { confirm } from './confirm.ts'
import { findCredentials } from './credential-pages.ts'
import { credentialsPath } from './credential-view.ts'
import { type ServerClient, serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `credentials revoke`. */
export interface RevokeCredentialsFlags extends ServerFlags {
  readonly user?: number
  readonly yes: boolean
}

const revokedShape = members<{ readonly revoked: number }>({ revoked: amount })

/** Removes one credential from a server with its history, or all that are for one provider once that is confirmed. */
export async function revokeCredentials(
  context: CommandContext,
  flags: RevokeCredentialsFlags,
  ...[provider, name]: readonly [provider: string, name?: string]
): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const revoked = await (name === undefined
    ? revokeAll(context, flags, { client, provider })
    : revokeOne(client, credentialsPath(flags.user, provider, name)))
  if (output.isJson) await output.json({ provider, name: name ?? null, revoked })
  else await output.message(`Removed ${countText(revoked)} for ${printable(provider)} from ${client.address}.`)
}

async function revokeOne(client: ServerClient, path: string): Promise<number> {
  await client.ask({ method: 'DELETE', path }, anything)
  return 1
}

async function revokeAll(
  context: CommandContext,
  { user: userId, yes }: RevokeCredentialsFlags,
  { client, provider }: { readonly client: ServerClient; readonly provider: string },
): Promise<number> {
  const { credentials } = await findCredentials(client, { userId, provider })
  if (credentials.length === 0) throw new CliError(exitCodes.notFound, 'There is no credential for this provider.')
  const whose = userId === undefined ? 'your' : `user ${userId}'s`
  const question = `Remove ${countText(credentials.length)} of ${whose} own for ${printable(provider)} with all versions?`
  await confirm(context, { question, isAgreed: yes })
  const request = { method: 'POST', path: credentialsPath(userId, 'rotate'), body: { provider } } as const
  return (await client.ask(request, revokedShape)).revoked
}

function countText(count: number): string {
  return count === 1 ? '1 credential' : `${count} credentials`
}
