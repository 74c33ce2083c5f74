import { Refusal } from '../refusal.ts'
import type { KeyPair, KeySource } from './key-source.ts'

/**
 * Keys in variables: `SIMPLETUNER_CREDENTIAL_KEY`, and beside it `SIMPLETUNER_CREDENTIAL_KEY_NEXT` for as long as the key is
 * being changed. Which of the two encrypts, the database says: instances can be given the new one in any order.
 */
export class EnvironmentKeys implements KeySource {
  readonly kind = 'environment'
  readonly #current: string
  readonly #next: string

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#current = env['SIMPLETUNER_CREDENTIAL_KEY'] ?? ''
    this.#next = env['SIMPLETUNER_CREDENTIAL_KEY_NEXT'] ?? ''
  }

  async read(): Promise<KeyPair | undefined> {
    if (this.#current === '') return undefined
    const current = { secret: this.#current }
    return this.#next === '' ? { current } : { current, next: { secret: this.#next } }
  }

  /** Does nothing: it is there, or the server would use files. */
  async create(): Promise<void> {
    return undefined
  }

  async prepareNext(): Promise<void> {
    if (this.#next === '') throw noNextKey()
  }

  /** Does nothing: whoever runs the server is told when the old key can go. */
  async promoteNext(): Promise<void> {
    return undefined
  }

  /** At once: nobody changes them. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return work()
  }
}

/** When the environment holds the key, and not the one to change it to. */
export function noNextKey(): Refusal {
  return new Refusal(
    'conflict',
    'NO_NEXT_KEY',
    'There is no new key: put one into SIMPLETUNER_CREDENTIAL_KEY_NEXT of every instance (openssl rand -base64 32), restart them, then rotate.',
  )
}
