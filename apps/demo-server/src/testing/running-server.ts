import { mkdtemp, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type SecretProvider, SecretsManager } from '@st/secrets-core'
import { createRedactor } from '@st/secrets-core/redactor'
import { EnvironmentSecretProvider } from '@st/provider-env'
import { FileSecretProvider } from '@st/provider-file'
import { resetGlobalCaches } from '@st/ttl-cache'
import type { FastifyInstance } from 'fastify'
import { AuditKey } from '../audit/audit-key.ts'
import type { CredentialValidator } from '../credentials/credential-validator.ts'
import { type DatabaseOptions, openDatabase } from '../database/open-database.ts'
import { ChangingKey } from '../key-rotation/changing-key.ts'
import { KeyFiles } from '../key-rotation/key-files.ts'
import { makeLog } from '../make-log.ts'
import { createServer } from '../server.ts'
import type { ServerSettings } from '../server-settings.ts'
import { composeServices, type Services } from '../services.ts'
import type { Role } from '../users/roles.ts'

/** Whom requests are sent as. */
export interface TestUser {
  readonly id: number
  readonly name: string
  readonly password: string
  /** An API token. */
  readonly token: string
}

/** A server on a real socket over a real database, with what it logged. */
export interface RunningServer extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly port: number
  /** Without a slash at its end. */
  readonly url: string
  readonly services: Services
  readonly secrets: SecretsManager
  /** What was the server's own fault. */
  readonly failures: readonly unknown[]
  /** The lines of its log. */
  readonly log: readonly string[]
  /** An administrator. */
  readonly admin: TestUser
  /** Makes a user. */
  readonly makeUser: (name: string, role: Role) => Promise<TestUser>
  /** Sends a request as the administrator, or as somebody else, or (`null`) as nobody; `json` is the body. */
  readonly send: (path: string, init?: TestRequest) => Promise<Response>
  /** Lets time pass for the server's own clock. */
  readonly pass: (minutes: number) => void
}

/** A request of a test. */
export interface TestRequest {
  readonly method?: string
  readonly as?: TestUser | null
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** How a server is started. */
export interface RunOptions {
  /** Default: those of `env`, above `~/.simpletuner/secrets.*`. */
  readonly providers?: readonly SecretProvider[]
  /** Of the environment provider. Default: none. */
  readonly env?: Readonly<Record<string, string>>
  /** Where its database is. Default: an SQLite file of its own. */
  readonly database?: string
  readonly databaseOptions?: DatabaseOptions
  readonly settings?: Partial<ServerSettings>
  /** Default: none, so that nothing is asked of a real service. */
  readonly credentialValidators?: readonly CredentialValidator[]
  /** Whether there is an administrator. Default: true. */
  readonly admin?: boolean
}

/** Starts a server with an administrator. */
export async function runServer({ env = {}, ...options }: RunOptions = {}): Promise<RunningServer> {
  const { providers = [new EnvironmentSecretProvider({ env }), new FileSecretProvider()], settings } = options
  const folder = await mkdtemp(join(homedir(), 'state-'))
  const database = await openDatabase(options.database ?? join(folder, 'demo.db'), options.databaseOptions)
  const redactor = createRedactor()
  const secrets = new SecretsManager({ providers, redactor })
  const log: string[] = []
  const failures: unknown[] = []
  const clock = testClock()
  const services = composeServices({
    database,
    secrets,
    auditKey: new AuditKey(Buffer.from('audit-key')),
    key: await ChangingKey.open({ database, source: new KeyFiles(join(folder, 'credential.key')) }),
    folder,
    credentialValidators: options.credentialValidators,
    allowsPrivateWebhooks: settings?.allowsPrivateWebhooks,
    now: clock.now,
  })
  const listen = { host: '127.0.0.1', port: 0 }
  const app = await createServer({
    services,
    settings: { listen, allowedHosts: [], trustedProxies: [], rateLimits: { perMinute: 1_000_000 }, ...settings },
    log: makeLog(redactor, {}, { write: line => void log.push(line) }),
    onFailure: error => void failures.push(error),
  })
  await app.listen(settings?.listen ?? listen)
  const port = portOf(app)
  const makeUser = userMaker(services)
  const admin = options.admin === false ? nobody : await makeUser('admin', 'admin')
  const url = `http://127.0.0.1:${port}`
  return {
    app,
    port,
    url,
    services,
    secrets,
    failures,
    log,
    admin,
    makeUser,
    send: (path, init = {}) => sendAs(url + path, { as: admin, ...init }),
    pass: clock.pass,
    [Symbol.asyncDispose]: () => stop(app, services),
  }
}

async function stop(app: FastifyInstance, { secrets, database, folder }: Services): Promise<void> {
  await app.close()
  await secrets.close()
  await database.close()
  // They are the process's: what they know is of users and providers with the same names in another database.
  resetGlobalCaches()
  await rm(folder, { recursive: true, force: true })
}

const nobody: TestUser = { id: 0, name: '', password: '', token: '' }

function portOf(app: FastifyInstance): number {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function testClock(): { readonly now: () => Date; readonly pass: (minutes: number) => void } {
  let aheadMs = 0
  return {
    now: () => new Date(Date.now() + aheadMs),
    pass: minutes => {
      aheadMs += minutes * 60_000
    },
  }
}

function userMaker({ users, apiTokens }: Services): RunningServer['makeUser'] {
  return async (name, role) => {
    const password = `the password of ${name}`
    const { id } = await users.create({ name, role, password }, { name: 'test' })
    const { secret: token } = await apiTokens.create(id, { name: 'test' }, { name: 'test' })
    return { id, name, password, token }
  }
}

function sendAs(url: string, { as, json, method, headers }: TestRequest): Promise<Response> {
  return fetch(url, {
    method: method ?? (json === undefined ? 'GET' : 'POST'),
    headers: {
      ...(as ? { authorization: `Bearer ${as.token}` } : {}),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
  })
}
