import { isProcessNowReplaced, processNow } from './process-time.ts'

/** How many reads in a row may share one reading of the clock. */
const readsPerReading = 64

const builtinDate = Date
const builtinSetTimeout = setTimeout
const nextTick = process.nextTick.bind(process)
const settled = Promise.resolve()

/** How many more reads of one cache may do without a reading of the clock. */
export interface ReadAllowance {
  /** Reads that are over before anything else runs. */
  readsLeft: number
  /** Reads whose caller waits for a promise in any case. */
  awaitedReadsLeft: number
  /** Whether the end of the step takes `readsLeft` back. */
  endsWithStep: boolean
  /** Whether the end of the turn takes `awaitedReadsLeft` back. */
  endsWithTurn: boolean
}

/**
 * A monotonic clock in milliseconds.
 *
 * Reading the clock of the process takes as long as a lookup. So a reading of it serves up to 64 reads: synchronous
 * ones until the next `await`, those that hand out a promise until the turn of the event loop is over. Neither end is
 * found by a timer, which a test may replace. A clock that was given is read each time, and so is one that a test put in
 * the place of the real one: by replacing `performance.now`, or all of `performance` together with `Date` or the timers,
 * as their tools do. (Whether the global object alone was replaced cannot be asked without the price of another reading.)
 */
export class Clock {
  readonly #now: () => number
  readonly #isCoarse: boolean
  #latest = -Infinity
  #offset = 0

  constructor(now: (() => number) | undefined, isPrecise: boolean) {
    this.#now = now ?? timeNow
    this.#isCoarse = now === undefined && !isPrecise
  }

  /** The time of this moment. It does not go back, whatever the source does. */
  now(): number {
    const now = this.#now()
    if (!(now >= this.#latest)) this.#holdBack(now)
    this.#latest = now
    return now + this.#offset
  }

  /** Lets the cache do without this clock for its next synchronous reads. */
  allowReads(allowance: ReadAllowance): void {
    if (!this.#isShareable) return
    allowance.readsLeft = readsPerReading - 1
    if (allowance.endsWithStep) return
    allowance.endsWithStep = true
    if (step.push(allowance) === 1) void settled.then(endStep)
  }

  /** The same for reads that hand out a promise. */
  allowAwaitedReads(allowance: ReadAllowance): void {
    if (!this.#isShareable) return
    allowance.awaitedReadsLeft = readsPerReading - 1
    if (allowance.endsWithTurn) return
    allowance.endsWithTurn = true
    if (turn.push(allowance) === 1) nextTick(endTurn)
  }

  #holdBack(now: number): void {
    if (Number.isNaN(now)) throw new TypeError('now must return milliseconds, not NaN')
    this.#offset += this.#latest - now
  }

  get #isShareable(): boolean {
    return this.#isCoarse && !isProcessNowReplaced() && !isTimeReplaced()
  }
}

function timeNow(): number {
  return isTimeReplaced() ? performance.now() : processNow()
}

function isTimeReplaced(): boolean {
  return Date !== builtinDate || setTimeout !== builtinSetTimeout
}

/** What ends before whatever awaits something from now on. */
const step: ReadAllowance[] = []

/** What ends when the promise jobs of this turn of the event loop are done. */
const turn: ReadAllowance[] = []

function endStep(): void {
  for (const allowance of step.splice(0)) {
    allowance.endsWithStep = false
    allowance.readsLeft = 0
  }
}

function endTurn(): void {
  for (const allowance of turn.splice(0)) {
    allowance.endsWithTurn = false
    allowance.awaitedReadsLeft = 0
  }
}
