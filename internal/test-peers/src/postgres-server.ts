import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { PostgresPlace } from './postgres.ts'
import { run } from './run.ts'

/** A running PostgreSQL. */
export interface PostgresServer extends AsyncDisposable {
  /** Address of its first database, whose user may make others. */
  readonly url: string
  /**
   * Shuts it down, cutting all connections. What was committed is kept.
   *
   * @throws Error when it was not started here.
   */
  stop(): Promise<void>
  /** Starts it again after {@link PostgresServer.stop}. */
  start(): Promise<void>
}

/** Starts a PostgreSQL on a socket in a folder of its own, or takes the one that runs already. */
export async function startPostgres(place: PostgresPlace): Promise<PostgresServer> {
  if ('url' in place) return runningServer(place.url)
  const folder = await mkdtemp(join(tmpdir(), 'st-postgres-'))
  if (isRoot) await run('chown', ['postgres:', folder])
  const initdb = [join(place.bin, 'initdb'), '-D', folder, '-U', 'st', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  await run('setpriv', [...privileges, ...initdb], { ...process.env, LC_ALL: 'C.UTF-8' })
  return ownServer(place.bin, folder)
}

const isRoot = process.getuid?.() === 0

/** It ends with the process that started it, however that ends. */
const privileges: readonly string[] = [
  '--pdeathsig=QUIT',
  ...(isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []),
]

/** No port, and nothing that is for keeping data: it is thrown away. */
const settings = ['listen_addresses=', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

function runningServer(url: string): PostgresServer {
  return { url, stop: refuse, start: refuse, [Symbol.asyncDispose]: async () => undefined }
}

async function refuse(): Promise<never> {
  throw new Error('This PostgreSQL was not started by the tests, so they do not stop it')
}

async function ownServer(bin: string, folder: string): Promise<PostgresServer> {
  let server = await launch(bin, folder)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  return {
    url: `postgres://st@localhost/postgres?host=${encodeURIComponent(folder)}`,
    stop: () => end('SIGINT'),
    start: async () => {
      server = await launch(bin, folder)
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGQUIT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function launch(bin: string, folder: string): Promise<ChildProcess> {
  const options = settings.flatMap(setting => ['-c', setting])
  const command = [...privileges, join(bin, 'postgres'), '-D', folder, '-k', folder, ...options]
  const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
  const child = spawn('setpriv', command, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  for await (const line of createInterface(child.stderr)) {
    said.push(line)
    if (!line.includes('ready to accept connections')) continue
    child.stderr.resume()
    return child
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`)
}
