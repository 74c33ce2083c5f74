import { randomUUID } from 'node:crypto'
import { type Answer, jsonAnswer, type ReceivedRequest } from './answer.ts'
import { AwsRefusal, FakeSecret, type FakeSecretContent, type NewFakeVersion } from './fake-secrets-manager-store.ts'
import type { Fault } from './fault.ts'
import { LoopbackServer, type LoopbackServerOptions } from './loopback-server.ts'

/** Most ids that `BatchGetSecretValue` takes. */
const batchSize = 20
/** AWS refuses a signature that is older, or that much in the future. */
const toleratedSkewMs = 300_000

/**
 * A stand-in for AWS Secrets Manager: reading, batches, writing, staging labels, deletion and permissions in the JSON 1.1
 * protocol. The tests of @st/provider-aws hold it against moto.
 */
export class FakeSecretsManager extends LoopbackServer {
  /** Only this access key is good; others have expired. Default: every key is good. */
  accessKeyId: string | undefined
  /** Milliseconds by which its clock is ahead. */
  clockAheadMs = 0
  /** Secrets that one answer to a batch holds; the rest comes with further requests. */
  batchPage: number = batchSize
  readonly #secrets = new Map<string, FakeSecret>()
  readonly #denied = new Set<string>()
  readonly #broken = new Map<string, string>()
  readonly #before = new Map<string, () => void>()

  /** Stores a secret as a new version, which is the current one unless told otherwise, and answers its ARN. */
  put(name: string, content: FakeSecretContent, version?: NewFakeVersion): string {
    const secret = this.#secrets.get(name) ?? new FakeSecret(name)
    this.#secrets.set(name, secret)
    secret.add(content, version)
    return secret.arn
  }

  /** The secret of this name. */
  secret(name: string): FakeSecret {
    return this.#find(name)
  }

  /** Denies an action such as `GetSecretValue`, on one secret or on all. */
  deny(action: string, name = '*'): void {
    this.#denied.add(`${action} ${name}`)
  }

  /** Allows an action again that was denied on all secrets. */
  allow(action: string): void {
    this.#denied.delete(`${action} *`)
  }

  /** Has every read of a secret, alone or in a batch, end with this exception. */
  breakSecret(name: string, type: string): void {
    this.#broken.set(name, type)
  }

  /** Runs a change right before the next operation of this name is answered. */
  beforeNext(operation: string, change: () => void): void {
    this.#before.set(operation, change)
  }

  /** Operations that were asked for, in order, such as `GetSecretValue`. */
  get operations(): readonly string[] {
    return this.requests.map(operationOf)
  }

  protected answer(request: ReceivedRequest): Answer {
    const operation = operationOf(request)
    this.#before.get(operation)?.()
    this.#before.delete(operation)
    const date = new Date(Date.now() + this.clockAheadMs).toUTCString()
    try {
      this.#authenticate(request)
      return amzAnswer(200, this.#perform(operation, bodyOf(request)), { date })
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error
      return amzAnswer(400, { __type: error.type, Message: error.message }, { date })
    }
  }

  #authenticate({ headers }: ReceivedRequest): void {
    const [, keyId] = /^AWS4-HMAC-SHA256 Credential=([^/,]+)/.exec(headers['authorization'] ?? '') ?? []
    if (keyId === undefined) throw new AwsRefusal('MissingAuthenticationTokenException', 'Missing Authentication Token')
    if (this.accessKeyId !== undefined && keyId !== this.accessKeyId) {
      throw new AwsRefusal('ExpiredTokenException', 'The security token included in the request is expired')
    }
    const skewMs = Date.now() + this.clockAheadMs - signedAt(headers['x-amz-date'])
    if (Math.abs(skewMs) > toleratedSkewMs) throw new AwsRefusal('InvalidSignatureException', 'Signature expired')
  }

  #perform(operation: string, body: Body): object {
    const perform = this.#operations[operation]
    if (perform === undefined) throw new AwsRefusal('UnknownOperationException')
    this.#authorize(operation, body.SecretId ?? body.Name ?? '*')
    return perform(body)
  }

  #authorize(action: string, id: string): void {
    const name = [...this.#secrets.values()].find(secret => secret.isMeantBy(id))?.name ?? id
    if (!this.#denied.has(`${action} *`) && !this.#denied.has(`${action} ${name}`)) return
    const who = 'User: arn:aws:iam::123456789012:user/test'
    const what = `perform: secretsmanager:${action} on resource: ${id}`
    const why = `because no identity-based policy allows the secretsmanager:${action} action`
    throw new AwsRefusal('AccessDeniedException', `${who} is not authorized to ${what} ${why}`)
  }

  readonly #operations: Readonly<Record<string, ((body: Body) => object) | undefined>> = {
    GetSecretValue: body => this.#get(body),
    BatchGetSecretValue: body => this.#getBatch(body),
    CreateSecret: body => this.#create(body),
    PutSecretValue: body => this.#put(body),
    UpdateSecretVersionStage: body => this.#moveStage(body),
    DeleteSecret: body => this.#delete(body),
  }

  #find(id: string | undefined): FakeSecret {
    if (!/^[\w/+=.@!:-]{1,2048}$/.test(id ?? '')) throw new AwsRefusal('ValidationException', 'Invalid name.')
    const secret = [...this.#secrets.values()].find(candidate => candidate.isMeantBy(id))
    if (secret !== undefined) return secret
    throw new AwsRefusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
  }

  #findUsable(id: string | undefined): FakeSecret {
    const secret = this.#find(id)
    if (!secret.isDeleted) return secret
    const message = "You can't perform this operation on the secret because it was marked for deletion."
    throw new AwsRefusal('InvalidRequestException', message)
  }

  #get({ SecretId, VersionId, VersionStage }: Body): object {
    const secret = this.#findUsable(SecretId)
    const broken = this.#broken.get(secret.name)
    if (broken !== undefined) throw new AwsRefusal(broken, 'the stand-in was told to answer this')
    const { id, content, stages } = secret.version(VersionId, VersionStage)
    const value =
      typeof content === 'string'
        ? { SecretString: content }
        : { SecretBinary: Buffer.from(content).toString('base64') }
    const { arn: ARN, name: Name } = secret
    return { ARN, CreatedDate: secondsNow(), Name, ...value, VersionId: id, VersionStages: [...stages] }
  }

  #getBatch({ SecretIdList = [], NextToken = '0' }: Body): object {
    if (SecretIdList.length > batchSize) throw new AwsRefusal('ValidationException', 'Too many ids.')
    const from = Number(NextToken)
    const to = from + this.batchPage
    const SecretValues: object[] = []
    const Errors: object[] = []
    for (const id of SecretIdList.slice(from, to)) {
      try {
        this.#authorize('GetSecretValue', id)
        SecretValues.push(this.#get({ SecretId: id }))
      } catch (error) {
        if (!(error instanceof AwsRefusal)) throw error
        Errors.push({ SecretId: id, ErrorCode: error.type, Message: error.message })
      }
    }
    return { SecretValues, Errors, ...(to < SecretIdList.length && { NextToken: String(to) }) }
  }

  #create({ Name = '', ClientRequestToken: id, ...content }: Body): object {
    if (!/^[\w/+=.@!-]{1,512}$/.test(Name)) throw new AwsRefusal('ValidationException', 'Invalid name.')
    if (this.#secrets.has(Name)) throw new AwsRefusal('ResourceExistsException', `The secret ${Name} already exists.`)
    const secret = new FakeSecret(Name)
    this.#secrets.set(Name, secret)
    return { ARN: secret.arn, Name, VersionId: secret.add(contentOf(content), { id }).id }
  }

  #put({ SecretId, ClientRequestToken: id, VersionStages: stages, ...content }: Body): object {
    const secret = this.#findUsable(SecretId)
    const version = secret.add(contentOf(content), { id, stages })
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
  }

  #moveStage({ SecretId, VersionStage = '', RemoveFromVersionId, MoveToVersionId = '' }: Body): object {
    const secret = this.#findUsable(SecretId)
    secret.moveStage(VersionStage, RemoveFromVersionId, MoveToVersionId)
    return { ARN: secret.arn, Name: secret.name }
  }

  #delete({ SecretId }: Body): object {
    const secret = this.#findUsable(SecretId)
    secret.isDeleted = true
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secondsNow() }
  }
}

/** Starts a stand-in for AWS Secrets Manager. */
export async function startFakeSecretsManager(options?: LoopbackServerOptions): Promise<FakeSecretsManager> {
  const manager = new FakeSecretsManager(options)
  await manager.listen()
  return manager
}

/** The fault of answering with one of the service's exceptions. */
export function awsException(type: string, { status = 400, headers = {} }: AwsExceptionOptions = {}): Fault {
  const body = { __type: type, Message: 'the stand-in was told to answer this' }
  return { kind: 'answer', answer: amzAnswer(status, body, headers) }
}

/** How an exception is answered. */
export interface AwsExceptionOptions {
  /** Default: 400. */
  readonly status?: number | undefined
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What requests hold, as far as it is looked at. */
interface Body {
  readonly SecretId?: string
  readonly SecretIdList?: readonly string[]
  readonly NextToken?: string
  readonly Name?: string
  readonly VersionId?: string
  readonly VersionStage?: string
  readonly VersionStages?: readonly string[]
  readonly RemoveFromVersionId?: string
  readonly MoveToVersionId?: string
  readonly ClientRequestToken?: string
  readonly SecretString?: string
  readonly SecretBinary?: string
}

function bodyOf({ body }: ReceivedRequest): Body {
  // Whoever speaks the protocol sends this shape, and nobody else asks a stand-in.
  return JSON.parse(body) as Body
}

function operationOf({ headers }: ReceivedRequest): string {
  return (headers['x-amz-target'] ?? '').replace('secretsmanager.', '')
}

function contentOf({ SecretString: text, SecretBinary: bytes = '' }: Body): FakeSecretContent {
  if (text === undefined) return Buffer.from(bytes, 'base64')
  if (text.length > 0 && Buffer.byteLength(text) <= 65_536) return text
  throw new AwsRefusal('ValidationException', 'The value must have 1 to 65536 bytes.')
}

function amzAnswer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  const own = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() }
  return { ...jsonAnswer(status, body), headers: { ...own, ...headers } }
}

function signedAt(date = ''): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'))
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000)
}
