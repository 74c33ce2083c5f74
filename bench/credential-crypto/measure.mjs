/**
 * CPU time of the whole process for one call, in microseconds. Garbage of earlier work is collected before, garbage of
 * the calls themselves counts when it is collected meanwhile.
 *
 * @param {(count: number) => unknown} run - Makes that many calls.
 * @param {number} count
 */
export function cpuTime(run, count) {
  globalThis.gc?.()
  const before = process.cpuUsage()
  run(count)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/**
 * How many calls take about this long, once half a second of calls has let the optimizing compiler finish.
 *
 * @param {(count: number) => unknown} run
 * @param {number} milliseconds
 */
export function countLasting(run, milliseconds) {
  let warmUp = 500_000
  for (let count = 1; ; count *= 2) {
    const microseconds = cpuTime(run, count)
    warmUp -= microseconds * count
    if (warmUp < 0) return Math.max(1, Math.round((milliseconds * 1000) / microseconds))
  }
}

/**
 * Calls of a method in a loop of their own, so that no loop is compiled for what another contender does.
 *
 * @param {'encrypt' | 'decrypt'} method - What it gives has a length, which is looked at.
 * @param {object} contender
 * @param {unknown} input
 * @returns {(count: number) => number}
 */
export function loopOf(method, contender, input) {
  const body = `return count => {
    let sum = 0
    for (let index = 0; index < count; index += 1) sum += contender.${method}(input).length
    return sum
  }`
  // oxlint-disable-next-line typescript/no-implied-eval -- each call compiles a function anew, which a closure does not
  return new Function('contender', 'input', body)(contender, input)
}

/**
 * NaN for no values.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Lets every contender work once a round, in an order that turns round each time.
 *
 * @template T
 * @param {Readonly<Record<string, () => T | Promise<T>>>} contenders - What one round of each measures.
 * @param {number} rounds
 * @returns {Promise<Record<string, T[]>>} What each one measured, round by round.
 */
export async function interleaved(contenders, rounds) {
  const names = Object.keys(contenders)
  const measured = Object.fromEntries(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) measured[name].push(await contenders[name]())
  }
  return measured
}

/**
 * Median of the ratios of two contenders, each within one round: what slows the machine slows both.
 *
 * @param {readonly number[]} own
 * @param {readonly number[]} base
 */
export function ratio(own, base) {
  return median(own.map((value, round) => value / base[round]))
}
