import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compiledCode } from './compiled-code.ts'

const program = fileURLToPath(new URL('../bin.ts', import.meta.url))

/** How {@link runCli} starts the program. */
export interface RunOptions {
  /** Added to the test's own variables; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Standard input. Default: empty. */
  readonly input?: string | Uint8Array
  /** Default: the test's own folder. */
  readonly cwd?: string
  /** Further arguments for Node. */
  readonly nodeArgs?: readonly string[]
  /** User to run as, for a superuser. */
  readonly uid?: number
  readonly gid?: number
  /** Gets the process while it runs, to send it signals. */
  readonly whileRunning?: (child: ChildProcess) => Promise<void>
}

/** How it ended. */
export interface RunResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Words that start the program from source. */
export function cliWords(...nodeArgs: readonly string[]): readonly string[] {
  return [process.execPath, '--conditions=@st/source', '--disable-warning=ExperimentalWarning', ...nodeArgs, program]
}

/** Runs `st-secrets` from source, as a process of its own. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { env = {}, input = '', cwd = process.env['HOME'], nodeArgs = [], whileRunning, ...user } = options
  const [command = '', ...words] = [...cliWords(...nodeArgs), ...args]
  const variables = { ...process.env, NODE_COMPILE_CACHE: compiledCode(), ...env }
  const child = spawn(command, words, { cwd, env: variables, ...user })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const ended = new Promise<Pick<RunResult, 'code' | 'signal'>>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }))
  })
  await whileRunning?.(child)
  const { code, signal } = await ended
  return { code, signal, stdout: stdout(), stderr: stderr() }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  stream.on('data', chunk => chunks.push(Buffer.from(chunk)))
  return () => Buffer.concat(chunks).toString()
}
