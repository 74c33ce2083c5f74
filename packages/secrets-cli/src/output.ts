import type { styleText } from 'node:util'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'
import type { GlobalFlags } from './global-flags.ts'
import type { TerminalStreams } from './command-context.ts'

/** Styles that say something: colours only ever underline what the words say. */
export type Style = Parameters<typeof styleText>[0]

/** Which flags an {@link Output} goes by. */
export type OutputFlags = Pick<GlobalFlags, 'json' | 'quiet' | 'color'>

/**
 * Where a command prints: what was asked for on standard output, everything else on standard error.
 *
 * Each method resolves once the text is written. A reader that has gone away (`st-secrets list | head -1`) is no failure;
 * what is written then is dropped.
 */
export class Output {
  /** Whether data are to be printed as JSON. */
  readonly isJson: boolean
  readonly #streams: TerminalStreams
  readonly #flags: OutputFlags

  /**
   * @param streams - Where to print.
   * @param flags - What the user wants to see.
   */
  constructor(streams: TerminalStreams, flags: OutputFlags) {
    this.isJson = flags.json
    this.#streams = streams
    this.#flags = flags
  }

  /** Text as it is, on standard output. */
  async data(text: string): Promise<void> {
    await write(this.#streams.stdout, text)
  }

  /** Bytes as they come, on standard output; ends early when the reader goes away. */
  async bytes(source: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of source) {
      if (!(await write(this.#streams.stdout, piece))) return
    }
  }

  /** One JSON document, on standard output. */
  async json(document: unknown): Promise<void> {
    await this.data(`${JSON.stringify(document, null, 2)}\n`)
  }

  /** One line of newline-delimited JSON, on standard output: for what is told bit by bit. */
  async jsonLine(event: unknown): Promise<void> {
    await this.data(`${JSON.stringify(event)}\n`)
  }

  /** A line about what is done, on standard error; `--quiet` drops it. */
  async message(text: string): Promise<void> {
    if (!this.#flags.quiet) await write(this.#streams.stderr, `${text}\n`)
  }

  /** Something that the user should look at, on standard error; `--quiet` does not drop it. */
  async warning(text: string): Promise<void> {
    await write(this.#streams.stderr, `${this.styled('yellow', 'warning:', 'stderr')} ${text}\n`)
  }

  /** Why a command failed, on standard error. */
  async failure(text: string): Promise<void> {
    await write(this.#streams.stderr, `${text}\n`)
  }

  /** Whether somebody looks at standard output, rather than a file or a program. */
  get isTerminal(): boolean {
    return this.#streams.stdout.isTTY === true
  }

  /** `text` in a style where the stream shows any: `NO_COLOR`, `FORCE_COLOR`, `--no-color` and pipes are honoured. */
  styled(style: Style, text: string, name: 'stdout' | 'stderr' = 'stdout'): string {
    if (!this.#flags.color) return text
    // Loaded by what has a style: most of what is printed has none.
    const util = process.getBuiltinModule('node:util')
    return util.styleText(style, text, { validateStream: true, stream: this.#streams[name] })
  }
}

/** Resolves once it is written; `false` when the reader has gone. Throws for a full disk. */
async function write(stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<boolean> {
  const error = await new Promise<Error | null | undefined>(resolve => {
    stream.write(data, resolve)
  })
  if (error === null || error === undefined) return true
  if (isGone(error)) return false
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  throw new CliError(exitCodes.unexpected, `The output could not be written${code}.`, 'Is the disk full?')
}

function isGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
}
