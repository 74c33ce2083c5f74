import { randomUUID } from 'node:crypto'
import { type Answer, jsonAnswer, type ReceivedRequest } from './answer.ts'
import type { Fault } from './fault.ts'
import { LoopbackServer, type LoopbackServerOptions } from './loopback-server.ts'

/** What a secret holds: text, or bytes. */
export type FakeSecretContent = string | Uint8Array

interface StoredSecret {
  readonly name: string
  readonly arn: string
  readonly content: FakeSecretContent
  readonly versionId: string
}

/** A stand-in for AWS Secrets Manager: `GetSecretValue` in the JSON 1.1 protocol. */
export class FakeSecretsManager extends LoopbackServer {
  readonly #secrets = new Map<string, StoredSecret>()

  /** Stores a secret as a new version and answers its ARN. */
  put(name: string, content: FakeSecretContent): string {
    const arn = `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}-Ab1Cd2`
    this.#secrets.set(name, { name, arn, content, versionId: randomUUID() })
    return arn
  }

  /** Operations that were asked for, in order, such as `GetSecretValue`. */
  get operations(): readonly string[] {
    return this.requests.map(({ headers }) => (headers['x-amz-target'] ?? '').replace('secretsmanager.', ''))
  }

  protected answer(request: ReceivedRequest): Answer {
    const { headers, body } = request
    if (!headers['authorization']?.startsWith('AWS4-HMAC-SHA256 ')) {
      return awsRefusal('MissingAuthenticationTokenException', 'Missing Authentication Token')
    }
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return awsRefusal('UnknownOperationException')
    const secret = this.#find(body)
    if (secret === undefined) {
      return awsRefusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    }
    return amzAnswer(200, answerOf(secret))
  }

  #find(body: string): StoredSecret | undefined {
    const { SecretId: id } = JSON.parse(body) as { readonly SecretId?: string }
    return [...this.#secrets.values()].find(({ name, arn }) => name === id || arn === id)
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
  const { body = '' } = awsRefusal(type, 'the stand-in was told to answer this')
  return { kind: 'answer', answer: { status, headers: { ...amzHeaders, ...headers }, body } }
}

/** How an exception is answered. */
export interface AwsExceptionOptions {
  /** Default: 400. */
  readonly status?: number | undefined
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const amzHeaders = { 'content-type': 'application/x-amz-json-1.1' } as const

function awsRefusal(type: string, message = ''): Answer {
  return amzAnswer(400, { __type: type, Message: message })
}

function amzAnswer(status: number, body: unknown): Answer {
  return { ...jsonAnswer(status, body), headers: { ...amzHeaders, 'x-amzn-requestid': randomUUID() } }
}

function answerOf({ arn, name, content, versionId }: StoredSecret): object {
  return {
    ARN: arn,
    CreatedDate: Math.floor(Date.now() / 1000),
    Name: name,
    ...(typeof content === 'string'
      ? { SecretString: content }
      : { SecretBinary: Buffer.from(content).toString('base64') }),
    VersionId: versionId,
    VersionStages: ['AWSCURRENT'],
  }
}
