import type { SecretError, SecretStage, VersionLookup } from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { Absence } from './aws-failure.ts'
import { type SecretValueAnswer, secretValueAnswerOf } from './secret-value-answer.ts'

/** What reading one secret of several came to. */
export type Reading = SecretValueAnswer | Absence | SecretError

const stagingLabels: Readonly<Record<SecretStage, string>> = {
  current: 'AWSCURRENT',
  previous: 'AWSPREVIOUS',
  pending: 'AWSPENDING',
}

/** Reads secrets by their names or ARNs. */
export class SecretReader {
  /** Whether a batch was denied, so that single reads do the work. */
  isBatchDenied = false
  readonly #calls: AwsCalls

  constructor(calls: AwsCalls) {
    this.#calls = calls
  }

  /** Reads one secret, in the version that is asked for. */
  async read(id: string, { version, stage }: VersionLookup, signal: AbortSignal): Promise<SecretValueAnswer | Absence> {
    // Named also where it is the default, which moto does not move together with its label.
    const label = stagingLabels[stage ?? 'current']
    // AWS refuses a pair that does not belong together as it refuses other things; so one of them is looked at here.
    const input = { SecretId: id, ...(version ? { VersionId: version } : { VersionStage: label }) }
    const received = await this.#calls.send('GetSecretValue', input, signal)
    if (typeof received === 'string') return received
    const answer = secretValueAnswerOf(received)
    return !version || !stage || answer.VersionStages.includes(label) ? answer : 'missing'
  }

  /**
   * Reads the current versions of several secrets, in batches where AWS permits it. What a batch does not account for is
   * read by itself, so that `GetSecretValue` is all that is needed.
   *
   * @throws SecretError when nothing could be read and it may pass.
   */
  async readAll(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Reading>> {
    // Not loaded by those who read one secret.
    const { SeveralSecrets } = await import('./several-secrets.ts')
    return new SeveralSecrets(this, this.#calls).readAll(ids, signal)
  }
}
