import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Redactor } from '@st/secrets-core/redactor'
import { CliError } from '../cli-error.ts'
import type { CommandContext, Environment } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'

/** What is run, and how. */
export interface ChildOptions {
  /** The command and its arguments. */
  readonly words: readonly string[]
  /** All of its environment. */
  readonly env: Environment
  /** What it prints goes through this. Default: it prints by itself. */
  readonly redactor: Redactor | undefined
}

/** Signals that are meant for the command. A terminal sends the last two to it, too. */
const forwarded: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT']
const fromKeyboard: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

/** Runs a command to its end and gives the exit code that shells would: its own, or 128 and the number of the signal. */
export async function runChild(context: CommandContext, { words, env, redactor }: ChildOptions): Promise<number> {
  const [command = '', ...args] = words
  const print = redactor === undefined ? 'inherit' : 'pipe'
  // Listening from before there is a command: a signal that came in between would end us and leave it behind.
  const target: { child?: ChildProcess } = {}
  const stopForwarding = forwardSignals(target, context)
  try {
    const child = spawn(command, args, { cwd: context.cwd, env, stdio: ['inherit', print, print] })
    target.child = child
    const printed = redactor === undefined ? [] : redactedOutput(child, { context, redactor })
    const code = await endOf(child)
    await Promise.all(printed)
    return code
  } catch (error) {
    return cannotRun(error, command)
  } finally {
    stopForwarding()
  }
}

function forwardSignals(target: { readonly child?: ChildProcess }, { isInteractive }: CommandContext): () => void {
  const listeners = forwarded.map(signal => {
    // Twice Ctrl-C means "at once" to many programs, and the terminal sends it to the command by itself.
    const isSentAlready = isInteractive && fromKeyboard.includes(signal)
    const listener = (): unknown => isSentAlready || target.child?.kill(signal)
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => listeners.forEach(stop => stop())
}

async function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
  })
}

/** Resolve once all that the command prints is written; a reader that has gone ends the command as a pipe would. */
function redactedOutput(
  child: ChildProcess,
  { context, redactor }: { readonly context: CommandContext; readonly redactor: Redactor },
): readonly Promise<void>[] {
  return (['stdout', 'stderr'] as const).map(async name => {
    const source = child[name]
    if (source === null) return
    const decoder = new TextDecoder()
    const stream = redactor.stream()
    const writer = stream.writable.getWriter()
    // Without a reader there is no use in the rest; what the command prints next fails, as in any pipe.
    const written = writeAll(stream.readable, context.streams[name]).catch(() => source.destroy())
    try {
      for await (const chunk of source) await writer.write(decoder.decode(chunk, { stream: true }))
      await writer.write(decoder.decode())
      await writer.close()
    } catch {
      // The reader is gone; said above.
    }
    await written
  })
}

async function writeAll(source: ReadableStream<string>, target: NodeJS.WritableStream): Promise<void> {
  for await (const text of source) {
    await new Promise<void>((resolve, reject) => {
      target.write(text, error => (error ? reject(error) : resolve()))
    })
  }
}

/** As shells have it; the failure's own message may quote the environment. */
function cannotRun(error: unknown, command: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const name = printable(command)
  if (code === 'ENOENT') throw new CliError(127, `There is no command "${name}".`)
  if (code === 'EACCES' || code === 'ENOEXEC') throw new CliError(126, `The command "${name}" cannot be run (${code}).`)
  if (code === 'E2BIG') throw new CliError(exitCodes.unusable, 'The values are too large for an environment.')
  throw new CliError(exitCodes.unexpected, `The command "${name}" could not be started (${code}).`)
}
