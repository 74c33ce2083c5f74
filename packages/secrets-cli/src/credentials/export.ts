import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'
import type { TokenFileFlags } from './credential-flags.ts'
import { cipherOf } from './credential-keys.ts'
import { exportFile, type ExportOptions, type ExportReport, exportSqlite } from './export-tokens.ts'
import { ReplacementFile, taken } from '../replacement-file.ts'
import { contextChoice, tokenPlace, type TokenPlace } from './token-source.ts'
import { runTokenTask, tellProblems } from './token-task.ts'

/** Flags of `credentials export`. */
export interface ExportCredentialsFlags extends TokenFileFlags {
  readonly reveal: boolean
  readonly output?: string
}

/** Characters that are written to standard output at once. */
const pieceLength = 1 << 16

/** Writes the credentials of a file of tokens to standard output, or to a new file; on a terminal only when asked to. */
export async function exportCredentials(
  context: CommandContext,
  flags: ExportCredentialsFlags,
  path: string,
): Promise<void> {
  const output = context.output(flags)
  const place = tokenPlace(path, context.cwd, flags)
  const destination = flags.output === undefined ? undefined : resolve(context.cwd, flags.output)
  if (destination === undefined && output.isTerminal && !flags.reveal) {
    throw new CliError(exitCodes.usage, 'This would show credentials on a terminal.', 'Add --reveal, or --output FILE.')
  }
  if (destination !== undefined && existsSync(destination)) throw taken(destination)
  const keyFile = flags.keyFile === undefined ? undefined : resolve(context.cwd, flags.keyFile)
  const cipher = await cipherOf([{ keyFile, salt: flags.salt }], 'v1')
  const boundTo = contextChoice(flags)
  const report = await runTokenTask(context, flags, async task => {
    const options = { cipher, context: boundTo, ...task }
    if (destination === undefined) return ontoOutput(output, async write => run(place, { ...options, write }))
    return intoFile(destination, async write => run(place, { ...options, write }))
  })
  await tellProblems(report.problems, output)
  const result = report.problems.length > 0 ? 'Nothing was written.' : `${report.exported} credentials were written.`
  await output.message(`${printable(path)}: ${result}`)
  if (report.problems.length > 0) context.process.exitCode = exitCodes.unusable
}

function run(place: TokenPlace, options: ExportOptions): Promise<ExportReport> {
  return place.kind === 'file' ? exportFile(place.file, options) : exportSqlite(place.table, options)
}

/** Written in larger pieces than records are: each piece is waited for. */
async function ontoOutput(
  output: Output,
  work: (write: ExportOptions['write']) => Promise<ExportReport>,
): Promise<ExportReport> {
  let pending = ''
  const report = await work(async text => {
    pending += text
    if (pending.length < pieceLength) return
    await output.data(pending)
    pending = ''
  })
  await output.data(pending)
  return report
}

/** The file appears when all of it is written. */
async function intoFile(
  path: string,
  work: (write: ExportOptions['write']) => Promise<ExportReport>,
): Promise<ExportReport> {
  const file = await ReplacementFile.beside(path)
  try {
    const report = await work(async text => file.write(text))
    if (report.problems.length === 0) await file.create()
    return report
  } finally {
    await file.discard()
  }
}
