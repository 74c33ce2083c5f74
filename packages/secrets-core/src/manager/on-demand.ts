import type { ChainPass, PassOptions } from '../chain/chain-pass.ts'
import type { SecretError } from '../contract/secret-error.ts'
import { explain, type Explanation } from './explain.ts'
import { healthReport, type NamedHealth } from './health-report.ts'
import { type KeyList, listKeys } from './list-keys.ts'
import { parseFields } from './load.ts'
import type { ListOptions, ReadOptions } from './manager-options.ts'
import type { Read } from './resolution.ts'
import type { SecretProblem } from './secret-load-error.ts'
import type { Field } from './secret-shape.ts'
import { type CredentialSource, CredentialUse, type SecretAttempt, type WithSecretOptions } from './with-secret.ts'
import { removeSecret, type SecretWrite, storeSecret, type WriteTarget } from './write-secret.ts'

/** What {@link OnDemand} needs of its manager and of the rest of this package. */
export interface OnDemandOptions extends CredentialSource, WriteTarget {
  /** One operation over the chain. */
  readonly passOf: (options: PassOptions) => ChainPass
  /** Why a key has no value. */
  readonly errorOf: (read: Read) => SecretError
  /** Why a shape could not be loaded. */
  readonly loadErrorOf: (problems: readonly SecretProblem[], isTransient: boolean) => SecretError
}

/** What of it is the same for every manager. */
export type OnDemandParts = Pick<OnDemandOptions, 'setChannel' | 'isAuthError' | 'pause' | 'passOf' | 'loadErrorOf'>

/**
 * What most programs never use of a manager: loaded, as one file, by the first use of any of it. Whatever it shares with
 * the rest, but the contract, it is given instead of importing it: else the build would put that into a third file, which
 * each start would have to find and read.
 */
export class OnDemand {
  readonly #options: OnDemandOptions
  readonly #credentials: CredentialUse

  constructor(options: OnDemandOptions) {
    this.#options = options
    this.#credentials = new CredentialUse(options)
  }

  explain(key: string, { fresh = true, signal }: ReadOptions): Promise<Explanation> {
    return explain(this.#options.chain, key, this.#options.passOf({ fresh, signal }))
  }

  list(options: ListOptions): Promise<KeyList> {
    return listKeys(this.#options.chain, options, this.#options.passOf(options))
  }

  /** The values of the fields by their names, out of what was read for each. */
  async load(fields: readonly Field[], reads: readonly Read[]): Promise<Readonly<Record<string, unknown>>> {
    const { errorOf, loadErrorOf } = this.#options
    const { values, problems, isTransient } = await parseFields(fields, reads, errorOf)
    if (problems.length > 0) throw loadErrorOf(problems, isTransient)
    return Object.fromEntries(fields.map(({ name }, index) => [name, values[index]]))
  }

  withSecret<R>(
    keys: string | readonly string[],
    use: (value: never, attempt: SecretAttempt) => R | PromiseLike<R>,
    options: WithSecretOptions,
  ): Promise<R> {
    const run = (reads: readonly Read[], attempt: SecretAttempt): R | PromiseLike<R> => {
      const values = Object.fromEntries(reads.map(read => [read.key, read.kept.value]))
      // The overloads of the manager's method say which of the two `use` takes.
      return use((typeof keys === 'string' ? values[keys] : values) as never, attempt)
    }
    return this.#credentials.run(typeof keys === 'string' ? [keys] : keys, run, options)
  }

  store(write: SecretWrite, value: string): Promise<true> {
    return storeSecret(this.#options, write, value)
  }

  remove(write: SecretWrite): Promise<boolean> {
    return removeSecret(this.#options, write)
  }

  checkHealth(signal: AbortSignal | undefined): Promise<readonly NamedHealth[]> {
    return healthReport(this.#options.chain.links, signal)
  }
}
