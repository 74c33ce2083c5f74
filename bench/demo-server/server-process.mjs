// Starts the server of `server.child.mjs`, and a PostgreSQL for it; with flags for its Node, where ST_BENCH_NODE_FLAGS has some
// (`--cpu-prof`).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../../internal/test-peers/src/postgres-server.ts'
import { requirePeer } from '../../internal/test-peers/src/require-peer.ts'

/**
 * Does something with a server over an empty database.
 *
 * @param {'sqlite' | 'postgres'} kind
 * @param {(server) => Promise<T>} work Gets `url`, `token`, `provider` and `ask(work, options)`.
 */
export async function withServer(kind, work) {
  const folder = await mkdtemp(join(tmpdir(), 'st-bench-'))
  const postgres = kind === 'postgres' ? await emptyPostgres() : undefined
  try {
    const server = await startServer(folder, postgres?.url)
    try {
      return await work(server)
    } finally {
      await server.stop()
    }
  } finally {
    await postgres?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the figures were measured on, to print above them. */
export function describeMachine() {
  const [load] = loadavg()
  return `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model.trim()}, load ${load.toFixed(1)}.`
}

async function emptyPostgres() {
  const place = await requirePeer('postgres')
  if (place.status === 'missing') throw new Error('There is no PostgreSQL')
  return startPostgres(place)
}

async function startServer(folder, databaseUrl) {
  const file = fileURLToPath(new URL('server.child.mjs', import.meta.url))
  // The first two are those of `npm start`.
  const flags = ['--max-semi-space-size=16', '--conditions=@st/source', '--expose-gc']
  flags.push(...(process.env.ST_BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean))
  const child = spawn(process.execPath, [...flags, file], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      SIMPLETUNER_STATE_DIR: folder,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const told = () => Promise.race([once(child, 'message'), ended.then(failed)])
  const ask = async (work, options = {}) => {
    const answer = told()
    child.send({ work, ...options })
    const [{ result }] = await answer
    return result
  }
  const stop = async () => {
    if (child.connected) await ask('stop')
    await ended
  }
  const [place] = await told()
  return { ...place, ask, stop }
}

function failed() {
  throw new Error('The server has ended')
}
