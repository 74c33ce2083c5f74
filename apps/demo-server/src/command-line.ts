import { parseArgs } from 'node:util'

/** Where the server listens. */
export interface ListenOptions {
  /** An address or name of this machine. */
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
}

/** Serve. */
export interface ServerCommand {
  readonly run: 'server'
  readonly listen: ListenOptions
  /** Paths of PEM files; both or none. */
  readonly tlsCert?: string
  readonly tlsKey?: string
}

/** Take over the credentials of a SimpleTuner. */
export interface ImportCommand {
  readonly run: 'import'
  /** Of its `jobs.db`. */
  readonly path: string
  /** Of its `credential.key`. Default: where SimpleTuner keeps it. */
  readonly keyFile?: string
}

/** What the command line asks for. */
export type Command =
  | ServerCommand
  | ImportCommand
  /** Write everything to this path. */
  | { readonly run: 'backup'; readonly path: string }
  /** Put a backup in the place of everything. */
  | { readonly run: 'restore'; readonly path: string }
  /** Print a token that sets a new password. */
  | { readonly run: 'reset-admin' }
  | { readonly run: 'help' }

/** The command line or the environment says something that cannot be done; the message is one line with the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What `--help` prints. */
export const usage = `Usage: npm start -- [--port PORT] [--host ADDRESS] [--tls-cert FILE --tls-key FILE]
       npm start -- --reset-admin
       npm start -- --import FILE [--import-key FILE]
       npm start -- --backup FILE | --restore FILE

  --port PORT      port to listen on, 0 for any free one (default: $PORT, then 8787)
  --host ADDRESS   address to listen on (default: $HOST, then 127.0.0.1); one that other
                   machines reach takes TLS or a proxy that is named in ST_TRUSTED_PROXIES
  --tls-cert FILE  certificate, with those that lead to its root (PEM)
  --tls-key FILE   its private key (PEM)
  --reset-admin    print a one-time token that sets a new password for the first administrator
  --import FILE    take over the credentials of a SimpleTuner from its jobs.db, which is only read
  --import-key FILE
                   its key (default: $SIMPLETUNER_CREDENTIAL_KEY, ~/.simpletuner/credential.key)
  --backup FILE    write everything to a new file; the server may be running
  --restore FILE   put what a backup holds in the place of everything; stop the server before
  --help           print this

DATABASE_URL           postgres://… to use PostgreSQL (default: SQLite in the state folder)
SIMPLETUNER_STATE_DIR  folder of the server's own data (default: ~/.simpletuner)
ST_ALLOWED_HOSTS       names under which clients reach the server, separated by commas
ST_TRUSTED_PROXIES     addresses of proxies whose X-Forwarded-For is believed, separated by commas
ST_RATE_LIMIT          requests a minute from one address (default: 6000)
ST_ALLOW_PRIVATE_WEBHOOKS
                       1 to send webhooks to this machine and its networks, for development
ST_BACKUP_PASSPHRASE   seals the keys in a backup, and opens them
ST_LOG_LEVEL           fatal, error, warn, info, debug, trace or silent (default: info)`

/**
 * Reads the command line, then the environment, then the defaults.
 *
 * @throws UsageError for an unknown option, a port that is none, a host that is none, half of a certificate.
 */
export function parseCommandLine(args: readonly string[], env: Environment): Command {
  const options = parseOptions(args)
  if (options.help) return { run: 'help' }
  if (options['reset-admin']) return { run: 'reset-admin' }
  const imported = importOf(options)
  if (imported !== undefined) return imported
  const { backup, restore } = options
  if (backup !== undefined) return { run: 'backup', path: backup }
  if (restore !== undefined) return { run: 'restore', path: restore }
  const listen = { host: hostOf(options, env), port: portOf(options, env) }
  const { 'tls-cert': tlsCert, 'tls-key': tlsKey } = options
  if (tlsCert === undefined && tlsKey === undefined) return { run: 'server', listen }
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('--tls-cert and --tls-key go together: give both or none.')
  }
  return { run: 'server', listen, tlsCert, tlsKey }
}

function importOf({ import: path, 'import-key': keyFile }: RawOptions): ImportCommand | undefined {
  if (path !== undefined) return { run: 'import', path, ...(keyFile === undefined ? {} : { keyFile }) }
  if (keyFile !== undefined) throw new UsageError('--import-key goes with --import: name the database, too.')
  return undefined
}

type Environment = Readonly<Record<string, string | undefined>>

type RawOptions = ReturnType<typeof parseRaw>

function parseRaw(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    port: text,
    host: text,
    'tls-cert': text,
    'tls-key': text,
    'reset-admin': flag,
    import: text,
    'import-key': text,
    backup: text,
    restore: text,
    help: flag,
  }
  return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
}

function parseOptions(args: readonly string[]): RawOptions {
  try {
    return parseRaw(args)
  } catch (error) {
    // parseArgs quotes what was typed and says what is wrong; its further sentences are about `--` and positionals.
    const problem = error instanceof Error ? error.message.split(/\.?(?:\s*\n|\. )/)[0] : 'cannot read the command line'
    throw new UsageError(
      `${problem}. Options: --port PORT, --host ADDRESS, --tls-cert FILE, --tls-key FILE, --reset-admin, --import FILE, --import-key FILE, --backup FILE, --restore FILE, --help.`,
    )
  }
}

function portOf({ port: option }: RawOptions, env: Environment): number {
  const text = option ?? (env['PORT'] || '8787')
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  const from = option === undefined ? 'PORT' : '--port'
  throw new UsageError(`${from} must be a whole number from 0 to 65535, not "${text}".`)
}

function hostOf({ host: option }: RawOptions, env: Environment): string {
  const text = option ?? (env['HOST'] || '127.0.0.1')
  const host = text.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (/^[0-9a-z.:-]{1,253}$/.test(host)) return host
  const from = option === undefined ? 'HOST' : '--host'
  throw new UsageError(`${from} must be an address or a name of this machine, not "${text}".`)
}
