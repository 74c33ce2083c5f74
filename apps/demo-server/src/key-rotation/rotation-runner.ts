import type { KeyRotation } from './key-rotation.ts'

/** Whoever did the work may have ended: so often it is looked whether there is some. */
const lookMs = 30_000

/** Changes the key in the background, whenever there is something to do. */
export class RotationRunner {
  readonly #rotation: Pick<KeyRotation, 'resume'>
  readonly #stopping = new AbortController()
  #onFailure: (error: unknown) => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #isWanted = false
  #running: Promise<void> | undefined

  constructor(rotation: Pick<KeyRotation, 'resume'>) {
    this.#rotation = rotation
  }

  /**
   * Goes on with what was left, and looks now and then whether there is something to do.
   *
   * @param onFailure - Told why it cannot go on; it is tried again later.
   */
  start(onFailure: (error: unknown) => void): void {
    this.#onFailure = onFailure
    this.wake()
    this.#timer = setInterval(() => this.wake(), lookMs)
    this.#timer.unref()
  }

  /** Looks now whether there is something to do. */
  wake(): void {
    this.#isWanted = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Ends after the batch that is running; the next start goes on from there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    // Woken while it was about to end, it looks once more.
    while (this.#isWanted && !signal.aborted) {
      this.#isWanted = false
      await this.#rotation.resume(signal).catch((error: unknown) => this.#onFailure(error))
    }
  }
}
