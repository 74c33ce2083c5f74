import { availableParallelism } from 'node:os'

/** Half of the four threads that Node has for derivations, file access and name lookups together. */
const MOST_AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

/**
 * Does slow work on the thread pool when it is its turn: at most two derivations of this process at once, and on two
 * processors one. More would hold up the event loop, and file access for as long as a derivation takes.
 */
export async function inDerivationSlot<T>(work: () => Promise<T>): Promise<T> {
  await taken()
  try {
    return await work()
  } finally {
    release()
  }
}

/** How many derivations may run at once on this machine. */
export function derivationSlots(processors: number = availableParallelism()): number {
  return Math.min(MOST_AT_ONCE, Math.max(1, processors - 1))
}

async function taken(): Promise<void> {
  if (running < derivationSlots()) {
    running += 1
    return
  }
  await new Promise<void>(resolve => waiting.push(resolve))
}

/** Hands the slot on, so that nobody can come in between. */
function release(): void {
  const next = waiting.shift()
  if (next === undefined) running -= 1
  else next()
}
