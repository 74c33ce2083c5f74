import { randomNumbers } from '@st/test-setup'

/** Choices by chance, the same for the same seed. */
export class RandomChoices {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  isOneIn(count: number): boolean {
    return this.#random() * count < 1
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end)
  }

  pick<T>(choices: readonly T[]): T {
    // `undefined` may be one of the choices, so that the index, which is within bounds, cannot be checked by the value.
    return choices[this.below(choices.length)] as T
  }
}
