import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GlobalFlags } from '../global-flags.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'
import { startProgress } from '../progress.ts'
import { type KnownSecrets, knownSecrets } from './known-secret.ts'
import { type ScanFinding, scanExitCode, scanFiles, type ScanReport } from './scan-files.ts'
import type { ScannedFile } from './scanned-file.ts'
import { stagedFiles } from './staged-blobs.ts'
import { treeFiles, unignoredFiles } from './tree-files.ts'

/** Flags of `scan`. */
export interface ScanFlags extends GlobalFlags {
  readonly staged: boolean
  readonly gitignore: boolean
  readonly include?: readonly string[]
}

/** Keys that SimpleTuner's own code reads, which no environment lists. */
const wellKnown = ['REPLICATE_API_TOKEN', 'HF_TOKEN', 'CLOUD_WEBHOOK_SECRET'] as const

/** Prints where secrets stand in files; ends with 6 when there are any. */
export async function scan(context: CommandContext, flags: ScanFlags, ...paths: readonly string[]): Promise<void> {
  if (flags.staged && paths.length > 0) {
    throw new CliError(exitCodes.usage, 'Paths cannot be named together with --staged.', 'Leave one of them out.')
  }
  const output = context.output(flags)
  const known = await secretsOf(context, flags)
  const progress = await startProgress(context, flags, { title: 'Files' })
  try {
    const report = await scanFiles(filesOf(context, flags, paths), known, {
      onProgress: count => progress.update(count),
    })
    progress.stop()
    await tell(report, output)
    const exitCode = scanExitCode(report)
    if (exitCode !== exitCodes.ok) context.process.exitCode = exitCode
  } catch (error) {
    progress.stop()
    throw error
  }
}

async function secretsOf(context: CommandContext, flags: ScanFlags): Promise<KnownSecrets> {
  const opened = await context.openManager(flags)
  try {
    const include = [...wellKnown, ...(flags.include ?? [])]
    return await knownSecrets(opened.manager, { include, signal: opened.signal })
  } finally {
    await opened[Symbol.asyncDispose]()
  }
}

async function* filesOf(
  { cwd, env }: CommandContext,
  { staged, gitignore }: ScanFlags,
  paths: readonly string[],
): AsyncGenerator<ScannedFile> {
  if (staged) return yield* stagedFiles({ cwd, env })
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const root = resolve(cwd, path)
    for await (const file of gitignore ? unignoredFiles(root, { env }) : treeFiles(root)) {
      yield { path: shown(file.path, cwd), open: () => file.open() }
    }
  }
}

/** Below the current folder as it is typed there. */
function shown(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}

async function tell(report: ScanReport, output: Output): Promise<void> {
  if (output.isJson) await output.json(documentOf(report))
  else await output.data(report.findings.map(lineOf).join(''))
  for (const { path, reason } of report.unread) await output.warning(`${printable(path)} was not read (${reason}).`)
  for (const { provider, message } of report.failed) {
    await output.warning(`${provider} could not be asked, and its values were not looked for: ${message}`)
  }
  if (report.tooShort.length > 0) {
    await output.warning(`Too short to be looked for: the values of ${report.tooShort.map(printable).join(', ')}.`)
  }
  if (report.values === 0) await output.warning('No value is known that could be looked for.')
  const { findings, files, values } = report
  await output.message(`Secrets found: ${findings.length}. Files read: ${files}. Values looked for: ${values}.`)
}

function lineOf({ path, line, column, keys }: ScanFinding): string {
  return `${printable(path)}:${line}:${column} ${keys.map(printable).join(', ')}\n`
}

function documentOf({ files, values, findings, unread, tooShort, failed }: ScanReport): object {
  return {
    files,
    values,
    findings: findings.map(({ path, line, column, keys }) => ({ path, line, column, keys })),
    unread: unread.map(({ path, reason }) => ({ path, reason })),
    tooShort,
    failed: failed.map(({ provider, kind, message, hint = null }) => ({ provider, kind, message, hint })),
  }
}
