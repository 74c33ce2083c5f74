import { TTLCache } from '@st/ttl-cache'
import type { ResolutionTrace } from '../chain/trace.ts'
import { definedMembers } from '../contract/defined-members.ts'
import { SecretUnresolvedError } from './resolution-error.ts'

/** Seconds for which the same key is not warned of again. */
const quietFor = 60

/** Says that a fallback was used because nobody could tell whether the key exists: once a minute for each key. */
export class UnresolvedWarnings {
  readonly #said: TTLCache<true>

  constructor(now: () => number) {
    this.#said = new TTLCache({ name: 'secrets.warnings', defaultTtl: quietFor, now })
  }

  /** Emits a process warning, `SecretUnresolvedWarning`, that holds no value. */
  warn(trace: ResolutionTrace): void {
    if (this.#said.has(trace.key)) return
    this.#said.set(trace.key, true)
    const { message, code, hint } = new SecretUnresolvedError(trace)
    process.emitWarning(message, { type: 'SecretUnresolvedWarning', code, ...definedMembers({ detail: hint }) })
  }
}
