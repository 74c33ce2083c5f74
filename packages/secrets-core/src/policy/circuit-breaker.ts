/** What a call that failed says about its source; `unknown` when it was given up before it could say anything. */
export type Verdict = 'works' | 'fails' | 'unknown'

/** Settings of a {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Seconds until a probe is let through. */
  readonly openFor: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** The circuit is open: the call was not made. */
export class CircuitOpenError extends Error {
  /** Milliseconds until one is made again; 0 while a probe is under way. */
  readonly opensInMs: number

  constructor(opensInMs: number) {
    super('The circuit is open')
    this.name = 'CircuitOpenError'
    this.opensInMs = opensInMs
  }
}

/** Keeps calls away from what has failed several times in a row, and lets one at a time through to see whether it is back. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions
  #failures = 0
  #openUntil = -Infinity
  #isProbing = false

  constructor(options: CircuitBreakerOptions) {
    this.#options = options
  }

  /** `half_open`: the time is up, and the next call is the probe. */
  get state(): 'closed' | 'open' | 'half_open' {
    if (this.#failures < this.#options.failures) return 'closed'
    return this.#isProbing || this.#opensInMs > 0 ? 'open' : 'half_open'
  }

  /** Makes the call, or throws a {@link CircuitOpenError}. */
  async run<T>(call: (isProbe: boolean) => Promise<T>, verdictOn: (error: unknown) => Verdict): Promise<T> {
    const { state } = this
    if (state === 'open') throw new CircuitOpenError(this.#opensInMs)
    const isProbe = state === 'half_open'
    if (isProbe) this.#isProbing = true
    let verdict: Verdict = 'works'
    try {
      return await call(isProbe)
    } catch (error) {
      verdict = verdictOn(error)
      throw error
    } finally {
      if (isProbe) this.#isProbing = false
      this.#learn(verdict, isProbe)
    }
  }

  get #opensInMs(): number {
    return Math.max(0, this.#openUntil - this.#options.now())
  }

  #learn(verdict: Verdict, isProbe: boolean): void {
    if (verdict === 'works') this.#failures = 0
    if (verdict !== 'fails') return
    this.#failures += 1
    // What was under way when the circuit opened does not keep it open for longer.
    if (isProbe || this.#failures === this.#options.failures) {
      this.#openUntil = this.#options.now() + this.#options.openFor * 1000
    }
  }
}
