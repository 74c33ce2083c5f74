import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { interruptible } from '../interruptible.ts'
import { ReplacementFile, taken } from '../replacement-file.ts'
import { receiptLineShape } from './audit-receipt.ts'
import { LastLine } from './last-line.ts'
import { type ServerClient, serverClient } from './server-client.ts'
import type { ServerFlags } from './server-flags.ts'

/** In which form the log is written. */
export type AuditFormat = 'ndjson' | 'csv'

/** Flags of `audit export`. */
export interface ExportAuditFlags extends ServerFlags {
  readonly format: AuditFormat
  readonly output?: string
  readonly type?: string
  readonly outcome?: 'done' | 'refused'
  readonly actor?: number
  readonly since?: string
  readonly until?: string
  readonly text?: string
}

const mediaTypes: Readonly<Record<AuditFormat, string>> = { ndjson: 'application/x-ndjson', csv: 'text/csv' }

/** Writes the audit log of a server, or what of it matches, to standard output or to a new file. */
export async function exportAudit(context: CommandContext, flags: ExportAuditFlags): Promise<void> {
  const output = context.output(flags)
  const { format } = flags
  const destination = flags.output === undefined ? undefined : resolve(context.cwd, flags.output)
  if (format === 'csv' && output.isJson && destination === undefined) {
    throw new CliError(exitCodes.usage, '--json and --format csv do not go together.', 'NDJSON is JSON, line by line.')
  }
  if (destination !== undefined && existsSync(destination)) throw taken(destination)
  const client = await serverClient(context, flags)
  const query = queryOf(flags)
  const isWhole = Object.values(query).every(value => value === undefined)
  const request = { path: 'api/audit/export', query: { format, ...query } }
  await interruptible(async signal =>
    client.read({ ...request, signal }, mediaTypes[format], async body => {
      const whole = format === 'ndjson' && isWhole ? checked(body, client) : body
      if (destination === undefined) await output.bytes(whole)
      else await intoFile(destination, whole)
    }),
  )
  if (destination === undefined) return
  if (output.isJson) await output.json({ path: flags.output, format, isWhole })
  await output.message(`Exported the audit log of ${client.address} to ${flags.output}.`)
}

function queryOf({ type, outcome, actor, since, until, text }: ExportAuditFlags) {
  return { type, outcome, actor, since, until, text }
}

/** The receipt comes last, so that what has it is all of the log. */
async function* checked(body: AsyncIterable<Uint8Array>, { address }: ServerClient): AsyncGenerator<Uint8Array, void> {
  const last = new LastLine()
  for await (const piece of body) {
    last.push(piece)
    yield piece
  }
  try {
    receiptLineShape(JSON.parse(last.text ?? ''))
  } catch {
    throw new CliError(exitCodes.unavailable, `${address} has not sent the whole log: its receipt is missing.`)
  }
}

async function intoFile(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await ReplacementFile.beside(path)
  try {
    for await (const piece of body) await file.writeBytes(piece)
    await file.create()
  } finally {
    await file.discard()
  }
}
