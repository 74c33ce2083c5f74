import type { ReadStream } from 'node:tty'
import type { CommandContext as ParserContext, StricliProcess } from '@stricli/core'
import type { GlobalFlags } from './global-flags.ts'
import type { OpenedManager } from './open-manager.ts'
import type { Output, OutputFlags } from './output.ts'

/** Where a command reads and prints. */
export interface TerminalStreams {
  /** What is typed or piped in. */
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>
  /** What was asked for. */
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Messages. */
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What {@link CommandContext.openManager} is told besides the flags. */
export interface OpenOptions {
  /** Gets every value that is handed out, for redaction. Default: nobody. */
  readonly redactor?: { protect(value: string, label: string): void }
  /** Name of the only provider to ask. Default: all. */
  readonly provider?: string | undefined
}

/** `this` of every command: all that it may touch of the world, so that tests can hand in another. */
export interface CommandContext extends ParserContext {
  /** What the parser prints on; a command sets `exitCode` here to end with another code than 0 without failing. */
  readonly process: StricliProcess
  /** Standard streams. Print through {@link CommandContext.output}. */
  readonly streams: TerminalStreams
  /** Environment variables. */
  readonly env: Environment
  /** Folder that relative paths start from. */
  readonly cwd: string
  /** Whether a person can be asked: standard input and error are terminals. */
  readonly isInteractive: boolean
  /** Milliseconds since the epoch. */
  now(): number
  /** Where this command prints. */
  output(flags: OutputFlags): Output
  /**
   * The manager that the configuration file describes, else the standard chain.
   *
   * @throws {@link SecretError} `not_configured`, `malformed` or `insecure` for an unusable configuration.
   */
  openManager(flags: GlobalFlags, options?: OpenOptions): Promise<OpenedManager>
}
