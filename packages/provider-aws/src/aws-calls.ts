import type {
  BatchGetSecretValueCommandInput,
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  GetSecretValueCommandInput,
  PutSecretValueCommandInput,
  UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager'
import { SecretError, type SecretErrorKind, untilAborted } from '@st/secrets-core/provider'
import type { AwsConnection } from './aws-connection.ts'
import {
  type Absence,
  absenceFailure,
  absenceOf,
  awsFailure,
  type FailedCall,
  saysUnauthenticated,
  timeoutFailure,
} from './aws-failure.ts'
import { loadSdk } from './aws-sdk.ts'

/** What each operation that is ever sent takes. `GetSecretValue` alone is needed for reading. */
interface Inputs {
  readonly GetSecretValue: GetSecretValueCommandInput
  readonly BatchGetSecretValue: BatchGetSecretValueCommandInput
  readonly CreateSecret: CreateSecretCommandInput
  readonly PutSecretValue: PutSecretValueCommandInput
  readonly UpdateSecretVersionStage: UpdateSecretVersionStageCommandInput
  readonly DeleteSecret: DeleteSecretCommandInput
}

/** An operation that is ever sent. */
export type Operation = keyof Inputs

/** What calls have in common. */
export interface CallSettings {
  readonly provider: string
  readonly profile: string | undefined
  readonly badName: SecretErrorKind
}

/** What was asked for. */
export type Asked = Pick<FailedCall, 'operation' | 'subject'>

/** One request each: nothing is tried again, but with credentials that were read anew after AWS refused the first. */
export class AwsCalls {
  /** Name of the provider, for errors. */
  readonly provider: string
  readonly #connection: AwsConnection
  readonly #settings: CallSettings

  constructor(connection: AwsConnection, settings: CallSettings) {
    this.provider = settings.provider
    this.#connection = connection
    this.#settings = settings
  }

  /** Tells the manager of something. */
  report(event: string): void {
    this.#connection.host?.report(event)
  }

  /**
   * Sends one operation.
   *
   * @returns The answer, whose members are all to be checked, or why there is nothing to answer with.
   * @throws SecretError for every failure.
   */
  async send<Name extends Operation>(
    operation: Name,
    input: Inputs[Name],
    signal: AbortSignal,
  ): Promise<object | Absence> {
    return this.attempt(this.#send(operation, input, signal), { operation, subject: subjectOf(input) }, signal)
  }

  /**
   * Awaits something that asks AWS, to the deadline.
   *
   * @returns What it came to, or why there is nothing to answer with.
   * @throws SecretError for every failure.
   */
  async attempt<T>(work: Promise<T>, asked: Asked, signal: AbortSignal): Promise<T | Absence> {
    try {
      return await untilAborted(signal, work)
    } catch (error) {
      if (SecretError.isInstance(error)) throw error
      if (signal.aborted) throw timeoutFailure({ ...this.#settings, ...asked })
      return this.refusal(error, asked)
    }
  }

  /**
   * Sends an operation that cannot do without the secret.
   *
   * @throws SecretError for every failure; of kind `conflict` when the secret is gone.
   */
  async require<Name extends Operation>(operation: Name, input: Inputs[Name], signal: AbortSignal): Promise<void> {
    const answer = await this.send(operation, input, signal)
    if (typeof answer === 'string') throw this.absent(answer, operation, subjectOf(input))
  }

  /** The failure of an operation that cannot do without the secret. */
  absent(absence: Absence, operation: Operation, subject: string): SecretError {
    return absenceFailure(absence, { ...this.#settings, operation, subject })
  }

  /**
   * What a refusal means.
   *
   * @throws SecretError unless it says that there is nothing to read.
   */
  refusal(error: unknown, asked: Asked): Absence {
    const absence = absenceOf(error)
    if (absence === undefined) throw awsFailure(error, { ...this.#settings, ...asked })
    return absence
  }

  async #send(operation: Operation, input: unknown, abortSignal: AbortSignal): Promise<object> {
    abortSignal.throwIfAborted()
    const answer = await this.#answerOf(operation, input, abortSignal)
    // An empty answer is no confirmation; what is read is looked at where it is used.
    const isAnswer = typeof answer === 'object' && answer !== null && (operation.includes('Get') || 'ARN' in answer)
    if (isAnswer) return answer
    throw new SyntaxError('no answer')
  }

  async #answerOf(operation: Operation, input: unknown, abortSignal: AbortSignal): Promise<unknown> {
    const client = await this.#connection.client()
    const sdk = await loadSdk(this.provider)
    // Each command takes the input of its name, and a client of any copy of the SDK takes each command.
    const Command = sdk[`${operation}Command`] as unknown as new (input: unknown) => never
    try {
      return await client.send(new Command(input), { abortSignal })
    } catch (error) {
      if (!saysUnauthenticated(error) || !this.#connection.renew(client)) throw error
      const renewed = await this.#connection.client()
      return renewed.send(new Command(input), { abortSignal })
    }
  }
}

/** The secret or secrets that an operation is about. */
interface Subject {
  readonly SecretId?: string | undefined
  readonly Name?: string | undefined
  readonly SecretIdList?: readonly string[] | undefined
}

function subjectOf({ SecretId, Name, SecretIdList }: Subject): string {
  return SecretId ?? Name ?? SecretIdList?.join('", "') ?? ''
}
