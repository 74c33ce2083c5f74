import { inspect } from 'node:util'
import { RandomChoices } from './random-choices.ts'

/** Random choices that are written down, for whoever has to find out what went wrong. */
export class RecordedChoices extends RandomChoices {
  readonly #history: unknown[][] = []

  /** Chooses, and writes down what was chosen for what. */
  pickFor<T>(what: string, choices: readonly T[]): T {
    const choice = this.pick(choices)
    this.note(what, choice)
    return choice
  }

  note(...step: readonly unknown[]): void {
    this.#history.push([...step])
  }

  describeHistory(): string {
    return this.#history.map(step => step.map(part => inspect(part)).join(' ')).join('\n')
  }
}
