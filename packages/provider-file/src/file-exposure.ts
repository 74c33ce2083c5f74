import { realpathSync, statSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { shellWord } from './shell-word.ts'
import { unlessAbsent, unlessAbsentSync } from './system-error.ts'

/** What to do about a file that others than its user can read, change or replace. */
export type InsecurePermissions = 'warn' | 'refuse' | 'ignore'

/** One way for others than this process's user and root to get at a file. */
export interface Exposure {
  /** Names the kind of exposure, for programs. */
  readonly id: 'file.mode' | 'file.owner' | 'file.directory_mode' | 'file.directory_owner'
  /** What is wrong: ends a sentence that names the file. */
  readonly problem: string
  /** Command that mends it. */
  readonly fix: string
}

/** Owner and mode, of `fstat` or `stat`. */
export interface Access {
  readonly uid: number | bigint
  readonly mode: number | bigint
}

/** The user that this process acts as; `undefined` on Windows, where modes say nothing and nothing is checked. */
function userOfProcess(): number | undefined {
  return process.geteuid?.()
}

/**
 * How a file is exposed by its owner and mode, as `ssh` judges keys: the owner has to be this user or root, and group and
 * others may have no access. Access control lists are not looked at.
 *
 * @param access - Of the open file, not of a link to it.
 */
export function fileExposures(
  filePath: string,
  access: Access,
  user: number | undefined = userOfProcess(),
): readonly Exposure[] {
  if (user === undefined) return []
  const mode = Number(access.mode) & 0o777
  return [
    ...ownerExposures(access, user, { id: 'file.owner', subject: 'the file', path: filePath }),
    ...((mode & 0o077) === 0
      ? []
      : [
          {
            id: 'file.mode',
            problem: `the file is open to its group or to others (mode ${octal(mode)})`,
            fix: `chmod 600 ${shellWord(filePath)}`,
          } as const,
        ]),
  ]
}

/** How a file is exposed by those who may replace it: the owner of its directory, and whoever may write there. */
export function directoryExposures(
  directory: string,
  access: Access,
  user: number | undefined = userOfProcess(),
): readonly Exposure[] {
  if (user === undefined) return []
  const mode = Number(access.mode)
  // With the sticky bit, as in /tmp, only a file's own user may replace it.
  const isReplaceable = (mode & 0o022) !== 0 && (mode & 0o1000) === 0
  return [
    ...ownerExposures(access, user, {
      id: 'file.directory_owner',
      subject: `its directory ${directory}`,
      path: directory,
    }),
    ...(isReplaceable
      ? [
          {
            id: 'file.directory_mode',
            problem: `its directory ${directory} can be changed by its group or by others (mode ${octal(mode & 0o777)})`,
            fix: `chmod go-w ${shellWord(directory)}`,
          } as const,
        ]
      : []),
  ]
}

/** {@link directoryExposures} of the directory that a path names, and of the one that its links lead to. */
export async function surroundingExposures(filePath: string): Promise<readonly Exposure[]> {
  const target = (await unlessAbsent(realpath(filePath))) ?? filePath
  const found = directoriesOf(filePath, target).map(async directory => {
    const access = await unlessAbsent(stat(directory))
    return access ? directoryExposures(directory, access) : []
  })
  return (await Promise.all(found)).flat()
}

/** {@link surroundingExposures} without waiting. */
export function surroundingExposuresSync(filePath: string): readonly Exposure[] {
  const target = unlessAbsentSync(() => realpathSync.native(filePath)) ?? filePath
  return directoriesOf(filePath, target).flatMap(directory => {
    const access = unlessAbsentSync(() => statSync(directory))
    return access ? directoryExposures(directory, access) : []
  })
}

/** A mode as `chmod` writes it. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

function ownerExposures(
  { uid }: Access,
  user: number,
  { id, subject, path }: { readonly id: Exposure['id']; readonly subject: string; readonly path: string },
): readonly Exposure[] {
  const owner = Number(uid)
  if (owner === user || owner === 0) return []
  const problem = `${subject} belongs to user ${owner}, not to user ${user}`
  return [{ id, problem, fix: `chown ${user} ${shellWord(path)}` }]
}

function directoriesOf(...filePaths: readonly string[]): readonly string[] {
  return [...new Set(filePaths.map(filePath => dirname(filePath)))]
}
