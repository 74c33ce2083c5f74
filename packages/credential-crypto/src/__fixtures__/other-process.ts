import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What `first-start.ts` answers: a fingerprint, or the members of an error. */
export interface FirstStartAnswer {
  readonly keyFingerprint?: string
  readonly kind?: string
  readonly detail?: string
  readonly message?: string
}

/** A process of its own that runs `first-start.ts`. */
export class OtherProcess {
  readonly #child = spawn(process.execPath, [new URL('first-start.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  readonly #ended = new Promise(resolve => this.#child.once('close', resolve))
  readonly #answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()

  /** Sends one request and waits for its answer. */
  async ask(request: Readonly<Record<string, unknown>>): Promise<FirstStartAnswer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const line = await this.#answers.next()
    if (line.done === true) throw new Error('the other process ended without an answer')
    // Written by `first-start.ts`.
    return JSON.parse(line.value) as FirstStartAnswer
  }

  /** Lets it end, and waits until it has. */
  async end(): Promise<void> {
    this.#child.stdin.end()
    await this.#ended
  }
}
