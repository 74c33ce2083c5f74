import type { Explanation, TraceStep } from '@st/secrets-core'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import type { Output, Style } from '../output.ts'
import { printable } from '../printable.ts'
import { textTable } from '../text-table.ts'
import { withManager } from '../with-manager.ts'

/** Flags of `explain`. */
export type ExplainFlags = GlobalFlags

/** Prints what every provider says about one key; ends with 3 when nobody has it, 4 when somebody could not be asked. */
export async function explain(context: CommandContext, flags: ExplainFlags, key: string): Promise<void> {
  const output = context.output(flags)
  await withManager(context.openManager(flags), async opened => {
    const found = await opened.manager.explain(key)
    if (output.isJson) await output.json(documentOf(found))
    else await output.data(`${textOf(found)}\n${verdictOf(found, output)}\n`)
    if (found.status === 'missing') context.process.exitCode = exitCodes.notFound
    if (found.status === 'unresolved') context.process.exitCode = exitCodes.unavailable
  })
}

/** What `explain --json` prints. */
function documentOf({ key, status, source, steps, shadowed }: Explanation): object {
  return {
    key,
    status,
    source: source ?? null,
    steps: steps.map(step => ({
      provider: step.provider,
      outcome: step.outcome,
      kind: step.kind ?? null,
      detail: step.detail ?? null,
      message: step.message ?? null,
      hint: step.hint ?? null,
      milliseconds: step.durationMs,
      attempts: step.attempts,
      locator: step.locator ?? null,
      version: step.version ?? null,
    })),
    shadowed: shadowed.map(({ provider, sameValue }) => ({ provider, sameValue })),
  }
}

function textOf(explanation: Explanation): string {
  const rows = explanation.steps.map((step, index) => [
    `${index + 1}`,
    step.provider,
    outcomeOf(step, explanation),
    step.attempts === 0 ? '' : `${step.durationMs.toFixed(1)} ms`,
    printable([step.locator, step.version && `version ${step.version}`].filter(Boolean).join(', ')),
  ])
  return textTable(['', 'PROVIDER', 'ANSWER', 'TIME', 'WHERE'], rows)
}

const skipped: Readonly<Record<string, string>> = {
  not_available: 'not asked: not configured or not installed',
  not_accepted: 'not asked: its keys are others',
  circuit_open: 'not asked: it failed too often just now',
}

function outcomeOf(step: TraceStep, explanation: Explanation): string {
  const { outcome, detail, kind } = step
  if (outcome === 'failed') return `failed: ${kind}${detail === undefined ? '' : ` (${detail})`}`
  if (outcome === 'missing') return detail === undefined ? 'no such key' : `no such key (${detail})`
  if (outcome === 'skipped') return skipped[detail ?? ''] ?? `not asked: ${detail}`
  return holderText(step, explanation)
}

function holderText(step: TraceStep, { source, shadowed }: Explanation): string {
  if (step.provider === source) return 'has it, and wins'
  const isSame = shadowed.find(one => one.provider === step.provider)?.sameValue === true
  return isSame ? 'has it, too: the same value' : 'has it, too: another value, which is not used'
}

function verdictOf(explanation: Explanation, output: Output): string {
  const { status, steps } = explanation
  const failures = steps.filter(({ outcome }) => outcome === 'failed')
  const remedies = failures.map(
    ({ provider, message, hint }) => `${provider}: ${[message, hint].filter(Boolean).join(' ')}`,
  )
  return [output.styled(verdictStyle[status], verdict(explanation)), ...remedies].join('\n')
}

const verdictStyle: Readonly<Record<Explanation['status'], Style>> = {
  found: 'green',
  missing: 'yellow',
  unresolved: 'red',
}

function verdict({ key: name, status, source }: Explanation): string {
  const key = printable(name)
  if (status === 'found') return `${key} comes from ${source}: the first in the order that has it.`
  if (status === 'missing') return `Nobody has ${key}.`
  return `Nobody that could be asked has ${key}; somebody could not be asked.`
}
