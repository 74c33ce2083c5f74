import type { Explanation, KeyList } from '@st/secrets-core'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { printable } from '../printable.ts'
import { textTable } from '../text-table.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `list`. */
export interface ListFlags extends GlobalFlags {
  readonly include?: readonly string[]
}

/** Prints every key with who has it. When somebody could not be asked, it says so and ends with the code for that. */
export async function list(context: CommandContext, flags: ListFlags, prefix?: string): Promise<void> {
  const output = context.output(flags)
  await withManager(context.openManager(flags), async opened => {
    const found = await opened.manager.list({ prefix, include: flags.include })
    if (output.isJson) await output.json(documentOf(found))
    else await output.data(textOf(found))
    for (const { provider, message } of found.failed) {
      await output.warning(`${provider} could not be asked for its keys: ${message}`)
    }
    if (found.failed.length > 0) context.process.exitCode = exitCodes.unavailable
  })
}

/** What `list --json` prints. */
function documentOf({ keys, failed }: KeyList): object {
  return {
    keys: keys.map(({ key, status, source = null, shadowed, steps }) => ({
      key,
      status,
      source,
      locator: steps.find(({ outcome }) => outcome === 'hit')?.locator ?? null,
      shadowed: shadowed.map(one => ({ provider: one.provider, sameValue: one.sameValue })),
    })),
    failed: failed.map(({ provider, kind, message, hint = null }) => ({ provider, kind, message, hint })),
  }
}

function textOf({ keys }: KeyList): string {
  const rows = keys.map(one => [printable(one.key), one.source ?? one.status, shadowedText(one)])
  return textTable(['KEY', 'PROVIDER', 'SHADOWED'], rows)
}

function shadowedText({ shadowed }: Explanation): string {
  return shadowed.map(({ provider, sameValue }) => `${provider}${sameValue ? '' : ' (another value)'}`).join(', ')
}
