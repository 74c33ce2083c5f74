import type { CommandContext } from '../command-context.ts'
import { type ExportFormat, exportText } from '../export-text.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { mask } from '../mask.ts'
import { selectedSecrets } from '../selected-secrets.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `export`. */
export interface ExportFlags extends GlobalFlags {
  readonly format: ExportFormat
  readonly only?: readonly string[]
  readonly name: string
  readonly reveal: boolean
}

/** Prints secrets in a format of other programs; all of them or, where one cannot be written so, none. */
export async function exportSecrets(context: CommandContext, flags: ExportFlags): Promise<void> {
  const output = context.output(flags)
  await withManager(context.openManager(flags), async opened => {
    const secrets = await selectedSecrets(opened.manager, flags.only)
    const isMasked = output.isTerminal && !flags.reveal
    const shown = isMasked ? secrets.map(({ key }) => ({ key, value: mask })) : secrets
    const format = output.isJson ? 'json' : flags.format
    await output.data(exportText(shown, { format, name: flags.name }))
    if (isMasked) await output.message('Hidden, because this is a terminal; --reveal shows the values.')
  })
}
