import { vi } from 'vitest'

/** Time that passes only when a test says so: the clock of the process and its timers. */
export class FakeTime implements Disposable {
  constructor() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  }

  /** Monotonic milliseconds. */
  get nowMs(): number {
    return performance.now()
  }

  /** Timers that have not fired. */
  get timers(): number {
    return vi.getTimerCount()
  }

  /** Lets seconds pass, and everything happen that happens in them. */
  async pass(seconds: number): Promise<void> {
    await this.passMs(seconds * 1000)
  }

  /** Lets milliseconds pass; with 0, only what is due now happens. */
  async passMs(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds)
  }

  [Symbol.dispose](): void {
    vi.useRealTimers()
  }
}
