import { defaultKeyFile } from '../credentials/credential-keys.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import type { OpenedManager } from '../open-manager.ts'
import type { Output, Style } from '../output.ts'
import { printable } from '../printable.ts'
import type { DoctorCheck, DoctorReport } from './doctor-check.ts'
import { examine } from './examine.ts'

/** Flags of `doctor`. */
export interface DoctorFlags extends GlobalFlags {
  readonly include?: readonly string[]
}

/** Seconds for everything. */
const defaultSeconds = 5

/** Milliseconds of them for starting, printing and closing. */
const overheadMs = 500

/** Milliseconds that providers have less than everything, so that one which hangs is told among the others. */
const marginMs = 250

/** Prints what was found, and ends with 4 when something does not work. */
export async function doctor(context: CommandContext, flags: DoctorFlags): Promise<void> {
  const output = context.output(flags)
  const deadlineMs = Math.max((flags.timeout ?? defaultSeconds) * 1000 - overheadMs, 100)
  const providerSeconds = Math.max(deadlineMs - marginMs, 50) / 1000
  let opened: OpenedManager | undefined
  const report = await examine({
    manager: async () => {
      opened = await context.openManager({ ...flags, timeout: providerSeconds })
      return opened.manager
    },
    env: context.env,
    keyFile: defaultKeyFile(),
    include: [...wellKnown, ...(flags.include ?? [])],
    deadlineMs,
    nodeVersion: process.versions.node,
    now: () => context.now(),
  })
  if (output.isJson) await output.json(documentOf(report))
  else await output.data(textOf(report, output))
  if (report.status === 'failed') context.process.exitCode = exitCodes.unavailable
  // Not waited for: a provider that hangs would take more time than there is. The process ends after this.
  void opened?.[Symbol.asyncDispose]()
}

/** Keys that SimpleTuner's own code reads. */
const wellKnown = ['REPLICATE_API_TOKEN', 'HF_TOKEN', 'CLOUD_WEBHOOK_SECRET'] as const

function documentOf({ status, checks, milliseconds }: DoctorReport): object {
  return {
    status,
    milliseconds,
    checks: checks.map(check => ({
      id: check.id,
      status: check.status,
      subject: check.subject,
      message: check.message,
      fix: check.fix ?? null,
    })),
  }
}

const marks: Readonly<Record<DoctorCheck['status'], readonly [mark: string, style: Style]>> = {
  ok: ['✓ ok     ', 'green'],
  warning: ['! warning', 'yellow'],
  failed: ['✗ failed ', 'red'],
}

function textOf({ checks, milliseconds }: DoctorReport, output: Output): string {
  const lines = checks.flatMap(({ status, subject, message, fix }) => {
    const [mark, style] = marks[status]
    const line = `${output.styled(style, mark)} ${subject}: ${printable(message)}`
    return fix === undefined || fix === '' ? [line] : [line, `            ${printable(fix)}`]
  })
  const count = (status: DoctorCheck['status']): number => checks.filter(check => check.status === status).length
  const warnings = count('warning')
  const warned = `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
  const summary = `${count('ok')} ok, ${warned}, ${count('failed')} failed, in ${milliseconds} ms`
  return `${[...lines, summary].join('\n')}\n`
}
