import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'

const permissionCodes: readonly string[] = ['EACCES', 'EPERM', 'EROFS']
const absenceCodes: readonly string[] = ['ENOENT', 'ENOTDIR']
const shapeCodes: readonly string[] = ['EISDIR', 'ELOOP', 'ENAMETOOLONG']
const fullCodes: readonly string[] = ['ENOSPC', 'EFBIG', 'EDQUOT']

/**
 * What a failed system call is for the user.
 *
 * @param error - As it was thrown. One without a system's code is returned as it is: it is a defect.
 * @param action - Begins the message: `Reading tokens.csv`.
 */
export function systemFailure(error: unknown, action: string): unknown {
  const code = systemCode(error)
  if (code === undefined || error instanceof CliError) return error
  const failed = `${action} failed (${code})`
  if (absenceCodes.includes(code))
    return new CliError(exitCodes.notFound, `${failed}: it does not exist.`, 'Check the path.')
  if (permissionCodes.includes(code)) {
    return new CliError(
      exitCodes.unusable,
      `${failed}: not permitted.`,
      'Check the owner and mode of the file and its folder.',
    )
  }
  if (shapeCodes.includes(code))
    return new CliError(exitCodes.unusable, `${failed}: it is not such a file.`, 'Check the path.')
  if (fullCodes.includes(code)) {
    return new CliError(
      exitCodes.unexpected,
      `${failed}: there is no room.`,
      'Nothing was changed. Make room and run it again.',
    )
  }
  return new CliError(exitCodes.unexpected, `${failed}.`)
}

/** Code of a system's failure, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}
