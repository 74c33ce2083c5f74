import { proposeCompletions } from '@stricli/core'
import { buildCommandLine } from '../application.ts'
import type { CommandContext } from '../command-context.ts'
import { printable } from '../printable.ts'

/** Flags of `complete`. */
export interface CompleteFlags {
  readonly empty: boolean
}

/** Nothing that any shell would read as more than text; keys come from files that others may have written. */
const safe = /^[\w.@%+,/-]+$/

/** Prints what may come next: a proposal, a tab and a description in each line. */
export async function complete(
  context: CommandContext,
  { empty }: CompleteFlags,
  ...words: readonly string[]
): Promise<void> {
  const inputs = empty || words.length === 0 ? [...words, ''] : words
  // Behind `--` stands the command that `run` runs: the shell completes that, with files.
  if (inputs.slice(0, -1).includes('--')) return
  const application = buildCommandLine({ onFailure: () => undefined, hasColor: false })
  const proposals = await proposeCompletions(application, inputs, context)
  const wantsFlags = inputs.at(-1)?.startsWith('-') === true
  const lines = proposals
    .filter(({ kind, completion }) => safe.test(completion) && (wantsFlags || kind !== 'argument:flag'))
    .map(({ completion, brief }) => `${completion}\t${printable(brief)}\n`)
  await context.output({ json: false, quiet: true, color: false }).data(lines.join(''))
}
