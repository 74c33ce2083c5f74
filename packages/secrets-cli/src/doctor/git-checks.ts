import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Environment } from '../command-context.ts'
import { type GitRun, runGit } from '../scan/run-git.ts'
import type { DoctorCheck } from './doctor-check.ts'

const subject = 'git'

/**
 * Whether git has a file of secrets or would take it (R33).
 *
 * @param paths - Of files that hold secrets; those that do not exist are passed over, links are followed.
 */
export async function gitChecks(
  paths: readonly string[],
  env: Environment,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const places = await existing(paths)
  const checks: DoctorCheck[] = []
  for (const path of places) {
    const found = await fileCheck(path, { cwd: dirname(path), env: withoutGit(env), signal })
    if (found === 'absent') return [absent]
    if (found) checks.push(found)
  }
  const message = `Files of secrets that were looked at: ${places.length}.`
  return [{ id: 'git.looked', status: 'ok', subject, message }, ...checks]
}

const absent: DoctorCheck = {
  id: 'git.absent',
  status: 'ok',
  subject,
  message: 'git is not installed: whether it would commit files of secrets was not looked at.',
}

/** Every path with what it leads to: both names may be in a repository. */
async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const found = paths.map(async path => {
    const target = await realpath(path).catch((): undefined => undefined)
    return target === undefined ? [] : [path, target]
  })
  return [...new Set((await Promise.all(found)).flat())]
}

async function fileCheck(path: string, run: GitRun): Promise<DoctorCheck | 'absent' | undefined> {
  const inside = await runGit(['rev-parse', '--is-inside-work-tree'], run)
  if (inside.exitCode === undefined) return 'absent'
  if (inside.exitCode !== 0 || inside.output.toString().trim() !== 'true') return undefined
  // Of a folder, any file in it.
  const tracked = await runGit(['ls-files', '-z', '--', `:(literal)${basename(path)}`], run)
  if (tracked.output.length > 0) {
    const fix = `git rm --cached -- ${path}, ignore it, and rotate what it holds: the history keeps it.`
    return { id: 'git.tracked', status: 'failed', subject, message: `git tracks ${path}.`, fix }
  }
  const ignored = await runGit(['check-ignore', '--quiet', '--', basename(path)], run)
  if (ignored.exitCode === 0) return undefined
  const message = `${path} is in a git work tree and not ignored: the next \`git add\` takes it.`
  return { id: 'git.not_ignored', status: 'warning', subject, message, fix: `Add ${basename(path)} to .gitignore.` }
}

/** Within a hook, git is told by variables which repository it is about; here it is about others. */
function withoutGit(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')))
}
