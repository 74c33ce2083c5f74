import { spawn } from 'node:child_process'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** How {@link runGit} runs it. */
export interface GitRun {
  /** Folder in which git looks for its repository. */
  readonly cwd: string
  /** Variables. A hook is told by them which index is being committed. */
  readonly env: NodeJS.ProcessEnv
  /** Ends git. */
  readonly signal?: AbortSignal | undefined
}

/** What git answered. */
export interface GitAnswer {
  /** What it exited with; `undefined` when git is not installed. */
  readonly exitCode: number | undefined
  /** What it wrote. */
  readonly output: Buffer
}

/** Runs git to its end. Does not throw for what git refuses, nor for git that is not there. */
export function runGit(args: readonly string[], { cwd, env, signal }: GitRun): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    // What it says in its own words may quote content; its exit code is enough.
    const git = spawn('git', args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    git.on('error', error => {
      if (signal?.aborted) reject(signal.reason)
      else if ('code' in error && error.code === 'ENOENT') resolve({ exitCode: undefined, output: Buffer.alloc(0) })
      else reject(error)
    })
    git.on('close', exitCode => resolve({ exitCode: exitCode ?? 1, output: Buffer.concat(chunks) }))
  })
}

/**
 * What git writes, cut at its NUL characters.
 *
 * @throws CliError when it is not installed, or refuses.
 */
export async function gitRecords(args: readonly string[], run: GitRun): Promise<readonly string[]> {
  const { exitCode, output } = await runGit(args, run)
  if (exitCode === 0) return output.toString('utf8').split('\0').slice(0, -1)
  if (exitCode === undefined)
    throw new CliError(exitCodes.notFound, 'git is not installed.', 'Install it, or scan without git.')
  throw new CliError(
    exitCodes.unusable,
    `git refuses to say what is in ${run.cwd} (exit code ${exitCode}).`,
    `Run it yourself to see why: git -C ${run.cwd} status`,
  )
}
