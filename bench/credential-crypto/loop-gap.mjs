/**
 * Longest time between two turns of the event loop while something goes on, in milliseconds; and the most CPU time that
 * the thread of the loop has taken between two turns, which others who use the machine do not lengthen.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
export async function longestGap(work) {
  let [gap, busy] = [0, 0]
  let last = performance.now()
  let lastUsage = process.threadCpuUsage()
  let isOver = false
  const tick = () => {
    const now = performance.now()
    const { user, system } = process.threadCpuUsage(lastUsage)
    gap = Math.max(gap, now - last)
    busy = Math.max(busy, (user + system) / 1000)
    last = now
    lastUsage = process.threadCpuUsage()
    if (!isOver) setImmediate(tick)
  }
  setImmediate(tick)
  const result = await work()
  // The turn that the end of the work came in counts too.
  await new Promise(resolve => setImmediate(resolve))
  isOver = true
  return { gap, busy, result }
}

/**
 * Resolves after this many milliseconds, in which the loop has nothing else to do.
 *
 * @param {number} milliseconds
 */
export async function idle(milliseconds) {
  const end = performance.now() + milliseconds
  while (performance.now() < end) await new Promise(resolve => setImmediate(resolve))
}
