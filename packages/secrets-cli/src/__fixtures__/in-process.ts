import { Readable, Writable } from 'node:stream'
import type { CommandContext, TerminalStreams } from '../command-context.ts'
import { openManager } from '../open-manager.ts'
import { Output } from '../output.ts'
import { runCommandLine } from '../run-command-line.ts'

/** What a command line meets. */
export interface WorldOptions {
  /** All variables. Default: `HOME` and `PATH`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Standard input. */
  readonly input?: string | Uint8Array
  /** Default: the test's own folder. */
  readonly cwd?: string
  /** Whether standard output is a terminal. */
  readonly isTerminal?: boolean
}

/** What came of it. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line in this process: fast, for all that needs no process of its own. */
export async function inProcess(inputs: readonly string[], options: WorldOptions = {}): Promise<Outcome> {
  const { env = home(), input = '', cwd = process.env['HOME'] ?? '/', isTerminal = false } = options
  const [stdout, stderr] = [collecting(isTerminal), collecting(isTerminal)]
  const streams: TerminalStreams = { stdin: Readable.from([Buffer.from(input)]), stdout, stderr }
  const context: CommandContext = {
    process: { stdout, stderr, env },
    streams,
    env,
    cwd,
    isInteractive: false,
    now: () => 0,
    output: flags => new Output(streams, flags),
    openManager: async (flags, open) => openManager({ flags, env, cwd, ...open }),
  }
  const code = await runCommandLine(inputs, context)
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function home(): Readonly<Record<string, string | undefined>> {
  return { HOME: process.env['HOME'], PATH: process.env['PATH'] }
}

function collecting(isTTY: boolean): Writable & { readonly isTTY: boolean; text(): string } {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece)
      done()
    },
  })
  return Object.assign(stream, { isTTY, text: () => Buffer.concat(pieces).toString() })
}
