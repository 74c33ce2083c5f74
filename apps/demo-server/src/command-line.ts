import { parseArgs } from 'node:util'

/** Where the server listens. */
export interface ListenOptions {
  /** A loopback address or name. */
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
}

/** What the command line asks for. */
export type Command = { readonly run: 'server'; readonly listen: ListenOptions } | { readonly run: 'help' }

/** The command line or the environment says something that cannot be done; the message is one line with the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What `--help` prints. */
export const usage = `Usage: npm start -- [--port PORT] [--host ADDRESS]

  --port PORT      port to listen on, 0 for any free one (default: $PORT, then 8787)
  --host ADDRESS   loopback address to listen on (default: $HOST, then 127.0.0.1)
  --help           print this

SIMPLETUNER_STATE_DIR is the folder of the server's own data (default: ~/.simpletuner).`

/**
 * Reads the command line, then the environment, then the defaults.
 *
 * @throws UsageError for an unknown option, a port that is none, a host that is not this machine.
 */
export function parseCommandLine(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const options = parseOptions(args)
  if (options.help) return { run: 'help' }
  const port = parsePort(options.port ?? (env['PORT'] || '8787'), options.port === undefined ? 'PORT' : '--port')
  const host = parseHost(options.host ?? (env['HOST'] || '127.0.0.1'), options.host === undefined ? 'HOST' : '--host')
  return { run: 'server', listen: { host, port } }
}

interface RawOptions {
  readonly port?: string | undefined
  readonly host?: string | undefined
  readonly help?: boolean | undefined
}

function parseOptions(args: readonly string[]): RawOptions {
  const options = { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean' } } as const
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    // parseArgs quotes what was typed and says what is wrong; its further sentences are about `--` and positionals.
    const problem = error instanceof Error ? error.message.split(/\.?(?:\s*\n|\. )/)[0] : 'cannot read the command line'
    throw new UsageError(`${problem}. Options: --port PORT, --host ADDRESS, --help.`)
  }
}

function parsePort(text: string, from: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new UsageError(`${from} must be a whole number from 0 to 65535, not "${text}".`)
}

function parseHost(text: string, from: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)) return host
  throw new UsageError(
    `${from} must be 127.0.0.1, ::1 or localhost, not "${text}": the server has no sign-in yet and listens on this machine only.`,
  )
}
