/** What the timer tidies. */
export interface Tidied {
  /** Removes what has expired, when it is time to. */
  tidy(): void
}

const shortestIntervalMs = 1000
const longestIntervalMs = 2 ** 31 - 1

/** A cache that nobody uses any longer goes, timer or not. */
const tidied = new Set<WeakRef<Tidied>>()
let timer: NodeJS.Timeout | undefined
let periodMs = Infinity

/**
 * Has a cache tidied by the one timer of this thread, which does not keep the process alive; returns how to end it.
 *
 * The timer goes by the shortest interval of those that it ever had, until it has none left: starting it anew for each
 * that comes and goes could put it off for ever.
 */
export function tidyRegularly(cache: Tidied, intervalMs: number): () => void {
  const reference = new WeakRef(cache)
  tidied.add(reference)
  if (intervalMs < periodMs) start(intervalMs)
  return () => {
    tidied.delete(reference)
    stopWhenIdle()
  }
}

function start(intervalMs: number): void {
  clearInterval(timer)
  periodMs = intervalMs
  timer = setInterval(tidyAll, Math.min(Math.max(intervalMs, shortestIntervalMs), longestIntervalMs)).unref()
}

function tidyAll(): void {
  for (const reference of tidied) {
    const cache = reference.deref()
    if (cache === undefined) tidied.delete(reference)
    else cache.tidy()
  }
  stopWhenIdle()
}

function stopWhenIdle(): void {
  if (tidied.size > 0) return
  clearInterval(timer)
  periodMs = Infinity
}
