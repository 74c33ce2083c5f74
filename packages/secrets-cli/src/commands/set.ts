import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { readValue } from '../read-value.ts'
import { filePathOf } from './file-path-of.ts'
import { writerOf } from './writer-of.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `set`. */
export interface SetFlags extends GlobalFlags {
  readonly provider?: string
  readonly exact: boolean
}

/** Stores the value of one key, and says where. */
export async function set(context: CommandContext, flags: SetFlags, ...words: readonly string[]): Promise<void> {
  const [key = '', ...values] = words
  if (values.length > 0 || key.includes('=')) throw valueInArguments()
  const output = context.output(flags)
  await withManager(context.openManager(flags), async opened => {
    const { manager } = opened
    const provider = writerOf(manager.providers, 'setSecret', flags.provider)
    const value = await readValue(context, { prompt: `Value of ${key} (not shown)`, isExact: flags.exact })
    await manager.setSecret(key, value, { provider })
    const { source, shadowed } = await manager.explain(key)
    const isShadowed = source !== provider && shadowed.some(one => one.provider === provider)
    const path = filePathOf(manager.providers, provider)
    if (output.isJson) await output.json({ key, provider, path, shadowedBy: isShadowed ? source : null })
    else await output.message(`Stored ${key} in ${provider}${path === null ? '' : ` (${path})`}.`)
    if (isShadowed) await output.warning(`${source} has ${key}, too, and is asked first: its value is used.`)
  })
}

function valueInArguments(): CliError {
  return new CliError(
    exitCodes.usage,
    'A value must not stand on the command line: other users of this machine can read it there, and shells keep it.',
    'Pipe it in, or run the command with the key alone and type it.',
  )
}
