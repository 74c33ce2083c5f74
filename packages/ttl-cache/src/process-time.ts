import type { performance as builtin } from 'node:perf_hooks'

type Performance = typeof builtin

let performance: Performance | undefined
let genuineNow: Performance['now'] | undefined

/**
 * Milliseconds of the process's own clock, whatever stands in its place in the global object.
 *
 * Its module is loaded by the first reading: no program has it that does not ask for it, and to load it takes as long as to
 * load this package.
 */
export function processNow(): number {
  return (performance ?? load()).now()
}

/** Whether a test tool has put a function of its own in the place of the clock's. */
export function isProcessNowReplaced(): boolean {
  // oxlint-disable-next-line typescript/unbound-method -- It is compared, never called.
  return (performance ?? load()).now !== genuineNow
}

function load(): Performance {
  performance = process.getBuiltinModule('node:perf_hooks').performance
  // Such a function stands on the object itself, and may have been put there before the first reading.
  // oxlint-disable-next-line typescript/unbound-method -- As above.
  genuineNow = Object.getPrototypeOf(performance).now
  return performance
}
