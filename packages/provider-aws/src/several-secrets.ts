import { SecretError } from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { Absence } from './aws-failure.ts'
import type { Reading, SecretReader } from './secret-reader.ts'
import { listOf, type SecretValueAnswer, secretValueAnswerOf } from './secret-value-answer.ts'

/** Most ids that `BatchGetSecretValue` takes. */
const batchSize = 20
/** Single reads at the same time where a batch cannot be had. */
const parallelReads = 8

/** Reads several secrets at once. */
export class SeveralSecrets {
  readonly #reader: SecretReader
  readonly #calls: AwsCalls

  constructor(reader: SecretReader, calls: AwsCalls) {
    this.#reader = reader
    this.#calls = calls
  }

  /** As {@link SecretReader}'s. */
  async readAll(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Reading>> {
    const readings = new Map<string, Reading>()
    if (ids.length > 1 && !this.#reader.isBatchDenied) await this.#readBatches(ids, readings, signal)
    const rest = ids.filter(id => !readings.has(id))
    for (const group of groupsOf(rest, parallelReads)) {
      await Promise.all(group.map(async id => readings.set(id, await settled(this.#reader.read(id, {}, signal)))))
    }
    const failures = ids.map(id => readings.get(id)).filter(reading => SecretError.isInstance(reading))
    if (failures.length === ids.length && failures[0]?.transient) throw failures[0]
    return readings
  }

  async #readBatches(ids: readonly string[], readings: Map<string, Reading>, signal: AbortSignal): Promise<void> {
    for (const group of groupsOf(ids, batchSize)) {
      const failure = await settled(this.#readBatch(group, readings, signal))
      if (failure === undefined || mayBeOfOneSecret(failure)) continue
      if (failure.kind === 'forbidden') return this.#denyBatches()
      // The rest would meet the same.
      for (const id of ids) if (!readings.has(id)) readings.set(id, failure)
      return
    }
  }

  #denyBatches(): void {
    this.#reader.isBatchDenied = true
    this.#calls.report('aws.batch_denied')
  }

  async #readBatch(ids: readonly string[], readings: Map<string, Reading>, signal: AbortSignal): Promise<void> {
    let NextToken: string | undefined
    do {
      const input = { SecretIdList: [...ids], NextToken }
      // Every member is optional and looked at before it is used.
      const page: BatchAnswer = Object(await this.#calls.send('BatchGetSecretValue', input, signal))
      for (const secret of listOf(page.SecretValues).map(secretValueAnswerOf)) {
        for (const id of ids) if (means(id, secret)) readings.set(id, secret)
      }
      for (const error of listOf(page.Errors)) {
        const { SecretId, ErrorCode: name, Message: message }: BatchError = error ?? {}
        const asked = { operation: 'GetSecretValue', subject: String(SecretId) }
        const refusal = async (): Promise<Absence> => this.#calls.refusal({ name, message }, asked)
        readings.set(asked.subject, await settled(refusal()))
      }
      NextToken = typeof page.NextToken === 'string' ? page.NextToken : undefined
    } while (NextToken)
  }
}

/** What is looked at of an answer to `BatchGetSecretValue`. */
interface BatchAnswer {
  readonly SecretValues?: unknown
  readonly Errors?: unknown
  readonly NextToken?: unknown
}

/** What is looked at of one of its errors. */
interface BatchError {
  readonly SecretId?: unknown
  readonly ErrorCode?: unknown
  readonly Message?: unknown
}

/** Whether a batch may have failed for one of its secrets alone: a name, a KMS key, or twenty of the largest size. */
function mayBeOfOneSecret({ kind, detail = '' }: SecretError): boolean {
  return kind === 'invalid' || ['too_large', 'kms', 'invalid_request'].includes(detail)
}

function groupsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return items.flatMap((_, index) => (index % size === 0 ? [items.slice(index, index + size)] : []))
}

/** By name, by ARN, or by an ARN without the random characters at its end. */
function means(id: string, { ARN: arn, Name: name }: SecretValueAnswer): boolean {
  return id === name || id === arn || id === arn?.slice(0, -'-Ab1Cd2'.length)
}

/** A failure as a result. */
function settled<T>(work: Promise<T>): Promise<T | SecretError> {
  return work.catch((error: unknown) => {
    if (SecretError.isInstance(error)) return error
    throw error
  })
}
