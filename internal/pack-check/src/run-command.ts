import { spawn } from 'node:child_process'

/** What a program did. */
export interface CommandResult {
  /** Exit code; -1 when it was stopped because it took too long, or never ran. */
  readonly code: number
  readonly stdout: string
  /** Both streams, as they came. */
  readonly output: string
}

/** Where and with what a program runs. */
export interface CommandOptions {
  readonly cwd: string
  /** The whole environment. Default: this process's. */
  readonly env?: Readonly<Record<string, string>>
}

const patienceMs = 60_000

/** Runs a program to its end, without a terminal; the event loop stays free for the servers that it may talk to. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise(resolve => {
    child.on('error', error => resolve({ code: -1, stdout, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) => {
      const ended = signal ? `Stopped by ${signal}; programs get ${patienceMs / 1000} s.\n` : ''
      resolve({ code: code ?? -1, stdout, output: output + ended })
    })
  })
}
