import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** SimpleTuner's functions in a Python process, which measures its own CPU time. */
export class PythonContender {
  #child
  #answers
  /** Which Python, and which cryptography. */
  version = ''

  /** @param {string} command */
  constructor(command) {
    const module = fileURLToPath(new URL('fernet-module.py', import.meta.url))
    this.#child = spawn(command, [module], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** `undefined` where there is no Python, or none with the package `cryptography`. */
  static async start(command) {
    const contender = new PythonContender(command)
    contender.#child.on('error', () => {})
    const greeting = await contender.#answers.next()
    if (greeting.done) return undefined
    contender.version = JSON.parse(greeting.value).version
    return contender
  }

  /**
   * CPU microseconds of one call.
   *
   * @param {'encrypt' | 'decrypt'} work
   * @param {string} text - Plaintext, for decrypting too.
   * @param {number} count
   */
  async time(work, text, count) {
    this.#child.stdin.write(`${JSON.stringify({ work, text, count })}\n`)
    const answer = await this.#answers.next()
    return JSON.parse(answer.value).microseconds
  }

  end() {
    this.#child.stdin.end()
  }
}
