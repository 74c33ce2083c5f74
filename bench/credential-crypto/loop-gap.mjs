/**
 * Longest time between two turns of the event loop while something goes on, in milliseconds.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
export async function longestGap(work) {
  let longest = 0
  let last = performance.now()
  let isOver = false
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(tick)
  }
  setImmediate(tick)
  const result = await work()
  // The turn that the end of the work came in counts too.
  await new Promise(resolve => setImmediate(resolve))
  isOver = true
  return { gap: longest, result }
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
