import { resolve } from 'node:path'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'
import type { TokenFileFlags } from './credential-flags.ts'
import { rotationCiphers, type RotationKeys, type TokenFormat } from './credential-keys.ts'
import { rotateFile } from './rotate-file.ts'
import { rotateSqlite } from './rotate-sqlite.ts'
import { rotationExitCode, type RotationReport } from './token-report.ts'
import { contextChoice, tokenPlace } from './token-source.ts'
import { runTokenTask, tellProblems } from './token-task.ts'

/** Flags of `credentials rotate-key`. */
export interface RotateKeyFlags extends TokenFileFlags {
  readonly format: TokenFormat
  readonly oldKeyFile?: readonly string[]
  readonly oldSalt?: string
  readonly dryRun: boolean
  readonly skipProblems: boolean
}

/** Brings the tokens of a file to a new key, and says how many. */
export async function rotateKey(context: CommandContext, flags: RotateKeyFlags, path: string): Promise<void> {
  const output = context.output(flags)
  const place = tokenPlace(path, context.cwd, flags)
  const boundTo = contextChoice(flags)
  const ciphers = await rotationCiphers(keysOf(flags, context.cwd))
  const report = await runTokenTask(context, flags, async task => {
    const options = { ciphers, context: boundTo, isDryRun: flags.dryRun, skipsProblems: flags.skipProblems, ...task }
    return place.kind === 'file' ? rotateFile(place.file, options) : rotateSqlite(place.table, options)
  })
  if (output.isJson) await output.json({ path, dryRun: flags.dryRun, ...report })
  else await tellProblems(report.problems, output)
  await output.message(summaryOf(report, printable(path), flags.dryRun))
  if (place.kind === 'table' && report.isWritten) {
    await output.message('SQLite keeps old tokens in unused parts of the file until you run VACUUM.')
  }
  const exitCode = rotationExitCode(report)
  if (exitCode !== exitCodes.ok) context.process.exitCode = exitCode
}

function keysOf({ keyFile, salt, oldKeyFile, oldSalt, format }: RotateKeyFlags, cwd: string): RotationKeys {
  if (keyFile === undefined) {
    const hint = '(umask 077 && openssl rand -base64 32 >new.key), then --key-file new.key'
    throw new CliError(exitCodes.usage, 'The file of the new key has to be named.', hint)
  }
  const oldKeys = (oldKeyFile ?? [undefined]).map(path => ({
    keyFile: path === undefined ? undefined : resolve(cwd, path),
    salt: oldSalt,
  }))
  return { newKey: { keyFile: resolve(cwd, keyFile), salt }, oldKeys, format }
}

function summaryOf(
  { tokens, changed, problems, verified, isWritten }: RotationReport,
  path: string,
  isDryRun: boolean,
): string {
  const counted = `${path}: ${changed} of ${tokens} tokens`
  if (isDryRun) return `${counted} would be changed, ${problems.length} cannot be.`
  if (isWritten) return `${counted} changed; ${verified} were read back with the new key alone.`
  if (problems.length > 0) return `${path}: nothing was changed; ${problems.length} of ${tokens} tokens cannot be.`
  return `${path}: nothing was to be changed; all ${tokens} tokens have the new key.`
}
