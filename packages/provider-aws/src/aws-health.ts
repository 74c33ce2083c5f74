import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type * as Sts from '@aws-sdk/client-sts'
import { type Finding, parseJsonDocument, type ProviderHealth, SecretError } from '@st/secrets-core/provider'
import type { AwsCalls } from './aws-calls.ts'
import type { SecretsManagerClientLike } from './aws-client.ts'
import type { AwsConnection } from './aws-connection.ts'
import type { SecretReader } from './secret-reader.ts'
import { secretTextOf } from './secret-value-answer.ts'

/** What is examined. */
export interface HealthSubject {
  readonly provider: string
  readonly connection: AwsConnection
  readonly calls: AwsCalls
  readonly reader: SecretReader
  /** Secrets that hold keys; none with one secret a key. */
  readonly names: readonly string[]
  /** Why there are none, where there should be some. */
  readonly unnamed: SecretError | undefined
  /** Role that is assumed. */
  readonly roleArn: string | undefined
}

type Note = readonly [severity: Finding['severity'], id: string, message: string, fix?: string | undefined]

/** Seconds by which a clock may be wrong without a word; AWS tolerates 300. */
const tolerableSkew = 60

/** Milliseconds in which STS must have told who asks: in many networks it cannot be reached. */
const identityTimeoutMs = 1000

/** What can be said of AWS from here, with what is to be done about it. Reads the named secrets, and no others. */
export async function checkAwsHealth(subject: HealthSubject, signal: AbortSignal): Promise<ProviderHealth> {
  const failures: SecretError[] = []
  const examined = async (notes: Promise<readonly Note[]>): Promise<readonly Note[]> => {
    try {
      return await notes
    } catch (error) {
      if (!SecretError.isInstance(error)) throw error
      failures.push(error)
      return [['error', error.detail ?? error.kind, error.message, error.hint]]
    }
  }
  const { names } = subject
  const unnamed = subject.unnamed ? await examined(Promise.reject(subject.unnamed)) : []
  const startedAt = performance.now()
  const identity = examined(identityNotes(subject, signal))
  const secrets = await Promise.all(names.map(async name => examined(secretNotes(name, subject, signal))))
  const latencyMs = performance.now() - startedAt
  // Afterwards, as the SDK takes the time from the answers.
  const client = await examined(clientNotes(subject))
  return healthOf([...unnamed, ...secrets.flat(), ...client, ...(await identity)], failures[0]?.kind, latencyMs)
}

function healthOf(notes: readonly Note[], kind: ProviderHealth['kind'], latencyMs: number): ProviderHealth {
  // A client that cannot be made is met by everyone who needs it.
  const distinct = [...new Map(notes.map(note => [note[2], note])).values()]
  const findings = (['error', 'warning', 'info'] as const).flatMap(severity =>
    distinct
      .filter(note => note[0] === severity)
      .map(([, id, message, fix]) => ({ id: `aws.${id}`, severity, message, fix })),
  )
  if (kind === 'not_configured') return { status: kind, findings }
  if (kind) return { status: 'failed', kind, latencyMs, findings }
  return { status: findings[0]?.severity === 'warning' ? 'degraded' : 'ready', latencyMs, findings }
}

async function secretNotes(
  name: string,
  { provider, reader }: HealthSubject,
  signal: AbortSignal,
): Promise<readonly Note[]> {
  const subject = `Secret "${name}"`
  const answer = await reader.read(name, {}, signal)
  if (answer === 'missing') {
    return [['warning', answer, `${subject} does not exist.`, 'Create it, or check secretName and the region.']]
  }
  if (answer === 'deleted') {
    const fix = `aws secretsmanager restore-secret --secret-id ${name}`
    return [['warning', answer, `${subject} is scheduled for deletion.`, fix]]
  }
  const origin = { subject, provider }
  const { values, unusable } = parseJsonDocument(secretTextOf(answer, origin), origin)
  const version = `${answer.VersionId} (${answer.VersionStages.join(', ')})`
  const keys = values.size + unusable.size
  const held: Note = ['info', 'secret', `${subject} is a JSON object. Keys: ${keys}. Version: ${version}.`]
  if (unusable.size === 0) return [held]
  const message = `${subject} holds no strings as "${[...unusable.keys()].join('", "')}".`
  return [held, ['warning', 'not_strings', message, 'Store each value as a string.']]
}

async function clientNotes({ connection, reader }: HealthSubject): Promise<readonly Note[]> {
  const client = await connection.client()
  const { endpoint, region } = connection.place()
  const source = region?.source ?? (connection.isOwn ? 'the AWS profile' : 'the client')
  const notes: Note[] = []
  if (/^http:\/\/(?!localhost|127\.|\[::1\])/i.test(endpoint ?? '')) {
    notes.push(['warning', 'endpoint', `To ${endpoint} secrets travel unencrypted.`, 'Use an https address.'])
  }
  if (reader.isBatchDenied) {
    const fix = 'Allow secretsmanager:BatchGetSecretValue.'
    notes.push(['info', 'batch', 'AWS denies batches; secrets are read one by one.', fix])
  }
  if (!isOfSdk(client)) return notes
  const { config } = client
  notes.push(['info', 'region', `The region is ${await config.region()}, from ${source}.`])
  const skew = Math.round(config.systemClockOffset / 1000)
  if (Math.abs(skew) > tolerableSkew) {
    const message = `The clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead'}.`
    notes.push(['warning', 'clock', message, 'Set it; AWS refuses more than 300 s.'])
  }
  return notes
}

/** A client of the caller's may be anything that sends. */
function isOfSdk(client: SecretsManagerClientLike | undefined): client is SecretsManagerClient {
  return client !== undefined && 'config' in client
}

/** Who asks, and where its credentials come from. STS needs no permission for this. */
async function identityNotes(
  { connection, calls, roleArn }: HealthSubject,
  signal: AbortSignal,
): Promise<readonly Note[]> {
  const client = await connection.client()
  if (!isOfSdk(client)) return []
  const asked = { operation: 'Finding credentials', subject: '' }
  const found: Attributed = Object(await calls.attempt(client.config.credentials(), asked, signal))
  const { $source = {}, expiration } = found
  const known = Object.keys($source).join(', ').replaceAll('CREDENTIALS_', '').toLowerCase()
  const source = roleArn || known || 'the client'
  const until = expiration ? ` until ${expiration.toISOString()}` : ''
  const note: Note = ['info', 'credentials', `The credentials come from ${source}${until}.`]
  return [note, await callerNote(client.config, AbortSignal.any([signal, AbortSignal.timeout(identityTimeoutMs)]))]
}

/** The SDK notes, and does not declare, what it found credentials by. */
interface Attributed {
  readonly $source?: object
  readonly expiration?: Date
}

async function callerNote(
  { credentials, region, requestHandler }: SecretsManagerClient['config'],
  abortSignal: AbortSignal,
): Promise<Note> {
  const sts = await loadSts()
  if (sts === undefined) {
    const fix = 'npm install @aws-sdk/client-sts'
    return ['info', 'identity', 'Who asks is not told without @aws-sdk/client-sts.', fix]
  }
  // The handler is the provider's, so that this client is not to be destroyed.
  const client = new sts.STSClient({ region, credentials, requestHandler, maxAttempts: 1 })
  const caller = await client.send(new sts.GetCallerIdentityCommand({}), { abortSignal }).catch(() => undefined)
  return [
    'info',
    'identity',
    caller ? `Asked is as ${caller.Arn} of account ${caller.Account}.` : 'STS does not tell who asks.',
  ]
}

/** What tells who asks; `undefined` when it is not installed. */
function loadSts(): Promise<typeof Sts | undefined> {
  return import('@aws-sdk/client-sts').catch(() => undefined)
}
