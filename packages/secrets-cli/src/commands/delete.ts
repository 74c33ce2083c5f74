import type { Explanation } from '@st/secrets-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { filePathOf } from './file-path-of.ts'
import { writerOf } from './writer-of.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `delete`. */
export interface DeleteFlags extends GlobalFlags {
  readonly provider?: string
}

/** Removes one key from one provider, and says who still has it. */
export async function deleteKey(context: CommandContext, flags: DeleteFlags, key: string): Promise<void> {
  const output = context.output(flags)
  await withManager(context.openManager(flags), async opened => {
    const { manager } = opened
    const provider = writerOf(manager.providers, 'deleteSecret', flags.provider)
    const path = filePathOf(manager.providers, provider)
    const before = holders(await manager.explain(key))
    // Asked all the same: what could not be read now may be removable, or say why it is not.
    await manager.deleteSecret(key, { provider })
    if (!before.includes(provider)) throw notThere(key, provider, before)
    const remaining = holders(await manager.explain(key))
    if (output.isJson) await output.json({ key, provider, path, remaining })
    else await output.message(`Removed ${key} from ${provider}${path === null ? '' : ` (${path})`}.`)
    if (remaining.length > 0) await output.warning(`${remaining.join(', ')} still ${has(remaining)} ${key}.`)
  })
}

/** Names of all that hold the key. */
function holders({ steps, shadowed }: Explanation): readonly string[] {
  const winner = steps.filter(({ outcome }) => outcome === 'hit').map(({ provider }) => provider)
  return [...new Set([...winner, ...shadowed.map(({ provider }) => provider)])]
}

function notThere(key: string, provider: string, others: readonly string[]): CliError {
  const hint = others.length === 0 ? 'Nobody has it.' : `${others.join(', ')} ${has(others)} it.`
  return new CliError(exitCodes.notFound, `${provider} has no key "${key}"; nothing was removed.`, hint)
}

function has(names: readonly string[]): string {
  return names.length === 1 ? 'has' : 'have'
}
