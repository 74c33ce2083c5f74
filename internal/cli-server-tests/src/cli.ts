import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('src/bin.ts', import.meta.resolve('@st/secrets-cli/package.json')))

/** Words that start `st-secrets` from its source. */
export const cliWords: readonly string[] = [process.execPath, '--conditions=@st/source', program]

/** What came of a command. */
export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `st-secrets` as a process of its own. */
export async function cli(
  args: readonly string[],
  { env, cwd, input = '' }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly input?: string },
): Promise<CliResult> {
  const [command = '', ...words] = [...cliWords, ...args]
  const child = spawn(command, words, { cwd, env })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: Number(code), stdout, stderr }
}
