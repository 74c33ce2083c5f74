import type { KeyRotationStatus } from './key-rotation.ts'

/** How far a rotation has come, how fast it goes and how long it still takes. */
export interface RotationProgress extends KeyRotationStatus {
  /** From 0 to 1; each value is encrypted, then verified. */
  readonly progress: number
  /** Values a second; absent when nothing is done at present, or that is not known yet. */
  readonly rate?: number
  /** Seconds until it is done; absent like the rate. */
  readonly secondsLeft?: number
}

interface Sample {
  readonly atMs: number
  readonly steps: number
}

/** The rate is that of so many milliseconds. */
const spanMs = 10_000

/** Measures how fast a rotation goes, by what is seen of it. */
export class RotationMeter {
  readonly #now: () => Date
  #id: number | undefined
  #samples: Sample[] = []

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  /** Takes note of how far it has come. */
  measure(status: KeyRotationStatus): RotationProgress {
    const { total, state, isPaused, id } = status
    const steps = stepsOf(status)
    const progress = state === 'done' || total === 0 ? (state === 'done' ? 1 : 0) : Math.min(1, steps / (2 * total))
    const isRunning = !isPaused && (state === 'reencrypting' || state === 'verifying')
    if (!isRunning || id !== this.#id) this.#samples = []
    this.#id = id
    if (!isRunning) return { ...status, progress }
    const rate = this.#rate({ atMs: this.#now().getTime(), steps })
    if (rate === undefined) return { ...status, progress }
    return { ...status, progress, rate, secondsLeft: Math.max(0, (2 * total - steps) / rate) }
  }

  #rate(sample: Sample): number | undefined {
    this.#samples = [...this.#samples.filter(({ atMs }) => sample.atMs - atMs <= spanMs), sample]
    const [first = sample] = this.#samples
    const seconds = (sample.atMs - first.atMs) / 1000
    const done = sample.steps - first.steps
    return seconds > 0 && done > 0 ? done / seconds : undefined
  }
}

/** Values that were encrypted, and values that were verified. */
function stepsOf({ state, total, processed, failed }: KeyRotationStatus): number {
  return (state === 'verifying' ? total : 0) + processed + failed
}
