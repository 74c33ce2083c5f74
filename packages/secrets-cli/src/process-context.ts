import type { CommandContext, TerminalStreams } from './command-context.ts'
import { Output } from './output.ts'

/** The context of a command that runs in this process. What a command does not touch is not opened, nor loaded. */
export function processContext(self: NodeJS.Process): CommandContext {
  const { env } = self
  const streams = new ProcessStreams(self)
  return {
    process: {
      get stdout() {
        return streams.stdout
      },
      get stderr() {
        return streams.stderr
      },
      env,
    },
    streams,
    env,
    get cwd() {
      return self.cwd()
    },
    get isInteractive() {
      const { isatty } = self.getBuiltinModule('node:tty')
      return isatty(0) && isatty(2)
    },
    now: Date.now,
    output: flags => new Output(streams, flags),
    openManager: async (flags, options) => {
      const { openManager } = await import('./open-manager.ts')
      return openManager({ flags, env, cwd: self.cwd(), ...options })
    },
  }
}

class ProcessStreams implements TerminalStreams {
  readonly #self: NodeJS.Process
  readonly #heard = new Set<NodeJS.WriteStream>()

  constructor(self: NodeJS.Process) {
    this.#self = self
  }

  get stdin(): NodeJS.ReadStream {
    return this.#self.stdin
  }

  get stdout(): NodeJS.WriteStream {
    return this.#opened(this.#self.stdout)
  }

  get stderr(): NodeJS.WriteStream {
    return this.#opened(this.#self.stderr)
  }

  /** Failures are told to whoever writes; without a listener they would end the process. */
  #opened(stream: NodeJS.WriteStream): NodeJS.WriteStream {
    if (!this.#heard.has(stream)) stream.on('error', () => undefined)
    this.#heard.add(stream)
    return stream
  }
}
