import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bundler } from './bundle-console.ts'

/** A server in a process of its own. */
export interface ChildServer extends AsyncDisposable {
  /** Address that it printed. */
  readonly url: string
  /** What it printed so far, both streams. */
  readonly output: () => string
  /** Sends a signal and waits for the end; resolves to the exit code, or the signal that ended it. */
  stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

/** A browser that is signed in to a server, as headers. */
export type SignedInHeaders = Readonly<Record<'cookie' | 'sec-fetch-site', string>>

/** Makes the administrator with the token that a server printed at its first run, and signs in. */
export async function makeAdministrator(server: ChildServer): Promise<SignedInHeaders> {
  const [, token] = /First run: .*\s+(\S+)\n/.exec(server.output()) ?? []
  const administrator = { name: 'admin', password: 'the first password' }
  await postJson(`${server.url}/api/first-run`, { token, ...administrator })
  const { headers } = await postJson(`${server.url}/api/session`, administrator)
  return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
}

async function postJson(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.ok) return response
  throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

/** How a process ended before it listened. */
export interface FailedStart {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Command that runs the server from its source, as `npm start` does at its end. */
const serverCommand: readonly string[] = [
  process.execPath,
  '--conditions=@st/source',
  `--import=${bundler}`,
  fileURLToPath(new URL('../main.ts', import.meta.url)),
]

/** How a server is started. */
export interface StartOptions {
  /** Default: any free port. */
  readonly args?: readonly string[]
  /** Default: the server from its source, as `npm start` runs it at its end. */
  readonly command?: readonly string[]
  /** Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv
  /** Signals go to the whole group of processes, as those of a terminal do. Default: to the one that was started. */
  readonly isGroup?: boolean
}

/** Starts a server and waits until it listens; rejects with what it printed when it ends before. */
export async function startServer({
  args = ['--port', '0'],
  command = serverCommand,
  env = process.env,
  isGroup = false,
}: StartOptions = {}): Promise<ChildServer> {
  const { child, printed } = launch([...command, ...args], { env: { ST_LOG_LEVEL: 'warn', ...env }, detached: isGroup })
  const ended = once(child, 'close')
  const url = await Promise.race([listening(child, printed), ended.then(() => undefined)])
  if (url === undefined) throw new Error(`The server did not start: ${printed.stdout}${printed.stderr}`)
  const stop = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> => {
    if (isGroup && child.pid !== undefined) process.kill(-child.pid, signal)
    else child.kill(signal)
    await ended
    return child.exitCode ?? child.signalCode
  }
  return {
    url,
    output: () => printed.stdout + printed.stderr,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGTERM')
    },
  }
}

/** Runs a server that is to fail, to its end. */
export async function failToStart(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<FailedStart> {
  const { child, printed } = launch([...serverCommand, ...args], { env })
  await once(child, 'close')
  return { code: child.exitCode, ...printed }
}

function launch(
  [command = '', ...args]: readonly string[],
  options: SpawnOptions,
): { child: ChildProcess; printed: { stdout: string; stderr: string } } {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
  return { child, printed }
}

async function listening(child: ChildProcess, printed: { readonly stdout: string }): Promise<string> {
  for (;;) {
    const url = /Listening on (\S+)/.exec(printed.stdout)?.[1]
    if (url !== undefined) return url
    if (child.stdout === null) throw new TypeError('The server has no output.')
    await once(child.stdout, 'data')
  }
}
