import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const lookAgainMs = 10
const connections = 'net.client.socket'
/** Connections are looked at one by one, because a server of the harness may run in this process. */
const streams = /^(?:TCP|TLS|Pipe|TTY)/

/**
 * What the function leaves behind that keeps the process alive: connections, timers, watchers and the like.
 *
 * @param seconds - How long it may take to go away.
 */
export async function leftoversOf(run: () => Promise<void>, seconds: number): Promise<readonly string[]> {
  const opened = new Set<Socket>()
  const onConnection = (message: unknown): void => {
    const { socket } = typeof message === 'object' && message !== null && 'socket' in message ? message : {}
    if (socket instanceof Socket) opened.add(socket)
  }
  const before = countsOfOthers()
  subscribe(connections, onConnection)
  try {
    await run()
    const endsAt = performance.now() + seconds * 1000
    let left = leftNow(before, opened)
    while (left.length > 0 && performance.now() < endsAt) {
      await delay(lookAgainMs)
      left = leftNow(before, opened)
    }
    return left
  } finally {
    unsubscribe(connections, onConnection)
  }
}

function leftNow(before: ReadonlyMap<string, number>, opened: ReadonlySet<Socket>): readonly string[] {
  const others = [...countsOfOthers()].filter(([name, count]) => count > (before.get(name) ?? 0))
  return [...others.map(([name]) => name), ...[...opened].filter(keepsAlive).map(() => 'a connection')]
}

function countsOfOthers(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) {
    if (!streams.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** An idle connection of a pool is not referenced, and keeps nothing alive. */
function keepsAlive(socket: Socket): boolean {
  if (socket.destroyed || socket.connecting) return !socket.destroyed
  const before = activeStreams()
  socket.unref()
  const isReferenced = activeStreams() < before
  if (isReferenced) socket.ref()
  return isReferenced
}

function activeStreams(): number {
  return process.getActiveResourcesInfo().filter(name => streams.test(name)).length
}
