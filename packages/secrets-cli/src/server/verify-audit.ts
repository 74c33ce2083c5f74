import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import { systemFailure } from '../system-failure.ts'
import { amount, list, members, type Shape, text, truth, UnexpectedShape } from './answer-shape.ts'
import { type AuditReceipt, receiptLineShape } from './audit-receipt.ts'
import { LastLine } from './last-line.ts'
import { serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** Flags of `audit verify`. */
export interface VerifyAuditFlags extends ServerFlags {
  readonly from?: number
  readonly to?: number
  readonly receipt?: string
}

interface AuditProblem {
  readonly kind: string
  /** 0 where it is about no entry. */
  readonly sequence: number
  readonly count: number
}

interface Verification {
  readonly valid: boolean
  readonly checked: number
  readonly problemCount: number
  readonly problems: readonly AuditProblem[]
}

const verificationShape: Shape<Verification> = members<Verification>({
  valid: truth,
  checked: amount,
  problemCount: amount,
  problems: list(members<AuditProblem>({ kind: text, sequence: amount, count: amount })),
})

/** Has a server check that its audit log is as it was written; ends with 6 when it is not. */
export async function verifyAudit(context: CommandContext, flags: VerifyAuditFlags): Promise<void> {
  const output = context.output(flags)
  const client = await serverClient(context, flags)
  const { from, to } = flags
  const receipt = flags.receipt === undefined ? undefined : await receiptOf(resolve(context.cwd, flags.receipt))
  const path = 'api/audit/verify'
  const request =
    receipt === undefined
      ? { path, query: { from, to } }
      : ({ method: 'POST', path, body: { from, to, receipt }, isRepeatable: true } as const)
  const found = await client.ask({ isLong: true, ...request }, verificationShape)
  if (output.isJson) await output.json(found)
  else await output.data(`${sentenceOf(found)}\n`)
  if (!found.valid) context.process.exitCode = exitCodes.unusable
}

/** The last line of what `audit export` wrote. */
async function receiptOf(path: string): Promise<AuditReceipt> {
  const last = new LastLine()
  try {
    // Without an encoding a file is read as buffers.
    for await (const piece of createReadStream(path)) last.push(piece as Buffer)
    return receiptLineShape(JSON.parse(last.text ?? '')).receipt
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) {
      throw systemFailure(error, `Reading ${path}`)
    }
    const hint = 'An export of the whole log as NDJSON ends with one.'
    throw new CliError(exitCodes.unusable, `${path} does not end with a receipt.`, hint)
  }
}

function sentenceOf({ valid, checked, problemCount, problems }: Verification): string {
  if (valid) return `The audit log is as it was written: ${checked} entries checked.`
  const rest = problemCount - problems.length
  return [
    `The audit log is NOT as it was written: ${checked} entries checked.`,
    ...problems.map(problemText),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n')
}

const kinds: Readonly<Record<string, string>> = {
  changed: 'was changed',
  unlinked: 'does not follow the one before it',
  missing: 'is missing',
  unexpected: 'should not be there',
  anchor: 'the signed end of the log does not fit',
  receipt: 'the log does not hold what the receipt shows',
}

function problemText({ kind, sequence, count }: AuditProblem): string {
  const what = kinds[kind] ?? printable(kind)
  if (sequence === 0) return what
  return count === 1 ? `entry ${sequence}: ${what}` : `entry ${sequence} and ${count - 1} after it: ${what}`
}
