import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { amount, members } from './answer-shape.ts'
import { confirm } from './confirm.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `cache clear`. */
export interface ClearCacheFlags extends ServerFlags {
  readonly key?: string
  readonly prefix?: string
  readonly all: boolean
  readonly dryRun: boolean
  readonly yes: boolean
}

type Selection = { readonly key: string } | { readonly prefix: string } | { readonly all: true }

const clearedShape = members<{ readonly count: number }>({ count: amount })

/** Has a server forget a cache or a part of it, once the number of entries was seen. */
export async function clearCache(context: CommandContext, flags: ClearCacheFlags, name: string): Promise<void> {
  const output = context.output(flags)
  const selection = selectionOf(flags)
  const client = await serverClient(context, flags)
  const path = `api/caches/${encodeURIComponent(name)}/invalidate`
  const count = async (dryRun: boolean): Promise<number> =>
    (await client.ask({ method: 'POST', path, body: { ...selection, dryRun }, isRepeatable: true }, clearedShape)).count
  const affected = await count(true)
  if (!flags.dryRun) {
    const question = `Forget ${entries(affected)} of the cache ${printable(name)} at ${client.address}?`
    await confirm(context, { question, isAgreed: flags.yes })
  }
  const cleared = flags.dryRun ? affected : await count(false)
  if (output.isJson) await output.json({ cache: name, count: cleared, dryRun: flags.dryRun })
  else await output.message(`${flags.dryRun ? 'Would forget' : 'Forgot'} ${entries(cleared)} of ${printable(name)}.`)
}

function selectionOf({ key, prefix, all }: ClearCacheFlags): Selection {
  const [selection, ...more]: readonly Selection[] = [
    ...(key === undefined ? [] : [{ key }]),
    ...(prefix === undefined ? [] : [{ prefix }]),
    ...(all ? [{ all } as const] : []),
  ]
  if (selection !== undefined && more.length === 0) return selection
  throw new CliError(exitCodes.usage, 'What to forget has to be named: one of --key, --prefix and --all.')
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
