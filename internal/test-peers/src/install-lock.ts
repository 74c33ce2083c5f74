import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const retryAfterMs = 200

/**
 * Runs one installation at a time, also across processes.
 *
 * The lock is a socket in Linux's abstract namespace: the kernel frees it with its process, however that ends, so there
 * is no stale lock to take over. Other systems, where no test run installs anything, have no lock.
 */
export async function withInstallLock<T>(install: () => Promise<T>, name = 'st-peers'): Promise<T> {
  if (process.platform !== 'linux') return install()
  const lock = await acquire(`\0${name}`)
  try {
    return await install()
  } finally {
    lock.close()
  }
}

async function acquire(path: string): Promise<Server> {
  for (;;) {
    const server = createServer()
    server.listen(path)
    const failure: unknown = await once(server, 'listening').then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure === undefined) return server
    if (!(failure instanceof Error && 'code' in failure && failure.code === 'EADDRINUSE')) throw failure
    await delay(retryAfterMs)
  }
}
