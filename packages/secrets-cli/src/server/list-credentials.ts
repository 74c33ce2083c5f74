import type { CommandContext } from '../command-context.ts'
import { printable } from '../printable.ts'
import { textTable } from '../text-table.ts'
import { findCredentials } from './credential-pages.ts'
import type { CredentialView } from './credential-view.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `credentials list`. */
export interface ListCredentialsFlags extends ServerFlags {
  readonly user?: number
  readonly provider?: string
  readonly stale: boolean
  readonly limit?: number
}

/** Prints the credentials that a server has, never their values. */
export async function listCredentials(context: CommandContext, flags: ListCredentialsFlags): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const { user: userId, provider, stale: isStale, limit } = flags
  const found = await findCredentials(client, { userId, provider, isStale, limit })
  if (output.isJson) await output.json(found)
  else await output.data(tableOf(found.credentials))
  if (!found.isComplete) await output.message(`There are more than ${flags.limit}; without --limit all are listed.`)
}

function tableOf(credentials: readonly CredentialView[]): string {
  const rows = credentials.map(one => [
    printable(one.provider),
    printable(one.name),
    one.isActive ? printable(one.status) : 'deactivated',
    String(one.version),
    dayOf(one.updatedAt),
    one.lastUsedAt === null ? 'never' : dayOf(one.lastUsedAt),
  ])
  return textTable(['PROVIDER', 'NAME', 'STATUS', 'VERSION', 'CHANGED', 'USED'], rows)
}

function dayOf(moment: string): string {
  return printable(moment.slice(0, 10))
}
