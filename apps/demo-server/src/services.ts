import type { SecretsManager } from '@st/secrets-core'
import type { AuditKey } from './audit/audit-key.ts'
import { AuditLog } from './audit/audit-log.ts'
import { AuditedWrites } from './audit/audited-writes.ts'
import { CacheHistory } from './caches/cache-history.ts'
import { ServerCaches } from './caches/server-caches.ts'
import { CredentialResolver } from './credentials/credential-resolver.ts'
import type { CredentialValidator } from './credentials/credential-validator.ts'
import { Credentials } from './credentials/credentials.ts'
import { StaleCredentials } from './credentials/stale-credentials.ts'
import type { Database } from './database/database.ts'
import { HardwarePrices } from './hardware/hardware-prices.ts'
import { ServerHealth } from './health/server-health.ts'
import { Cursors } from './http/cursor.ts'
import type { ChangingKey } from './key-rotation/changing-key.ts'
import { KeyRotation } from './key-rotation/key-rotation.ts'
import { RotationRunner } from './key-rotation/rotation-runner.ts'
import { ProviderConfigs } from './provider-configs/provider-configs.ts'
import { ProviderTokens } from './provider-tokens/provider-tokens.ts'
import { ProviderChecks } from './providers/provider-checks.ts'
import { ProviderWatch } from './providers/provider-watch.ts'
import { ApiTokens } from './users/api-tokens.ts'
import { OneTimeTokens } from './users/one-time-tokens.ts'
import { Sessions } from './users/sessions.ts'
import { SignIn } from './users/sign-in.ts'
import { UserAccess } from './users/user-access.ts'
import { Users } from './users/users.ts'
import { WebhookReceiver } from './webhooks/webhook-receiver.ts'

/** What the server stands on. */
export interface Foundations {
  readonly database: Database
  readonly secrets: SecretsManager
  readonly auditKey: AuditKey
  /** Where that key is; `undefined` where it comes from the environment. */
  readonly auditKeyFile?: string | undefined
  /** Encrypts credentials. */
  readonly key: ChangingKey
  /** The server's own, with the keys that are files. */
  readonly folder: string
  /** Ask services whether they accept a credential. Default: none can be asked. */
  readonly credentialValidators?: readonly CredentialValidator[] | undefined
  /** Whether webhooks may go to this machine and its networks, for development. Default: false. */
  readonly allowsPrivateWebhooks?: boolean | undefined
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** The parts of the server, each of which its routes use. */
export interface Services extends Foundations {
  readonly audit: AuditLog
  readonly writes: AuditedWrites
  readonly access: UserAccess
  readonly users: Users
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly oneTimeTokens: OneTimeTokens
  readonly apiTokens: ApiTokens
  readonly credentials: Credentials
  readonly staleCredentials: StaleCredentials
  readonly credentialResolver: CredentialResolver
  readonly providerConfigs: ProviderConfigs
  readonly providerTokens: ProviderTokens
  readonly hardwarePrices: HardwarePrices
  readonly webhookReceiver: WebhookReceiver
  readonly cursors: Cursors
  readonly caches: ServerCaches
  readonly cacheHistory: CacheHistory
  readonly providerWatch: ProviderWatch
  readonly providerChecks: ProviderChecks
  readonly health: ServerHealth
  readonly keyRotation: KeyRotation
  readonly rotationRunner: RotationRunner
}

/** Puts the parts together. */
export function composeServices(foundations: Foundations): Services {
  const { database, secrets, auditKey, key, credentialValidators, allowsPrivateWebhooks, now } = foundations
  const audit = new AuditLog(database, auditKey, now)
  const writes = new AuditedWrites(database, audit)
  const access = new UserAccess(database)
  const userContext = { database, writes, access, now }
  const sessions = new Sessions(userContext)
  const credentials = new Credentials({ database, writes, ciphers: key, now })
  const providerConfigs = new ProviderConfigs({ database, writes, allowsPrivateWebhooks, now })
  const caches = new ServerCaches({ secrets, database, writes })
  const providerWatch = new ProviderWatch(now)
  const providerChecks = new ProviderChecks({ secrets, watch: providerWatch, now })
  const keyRotation = new KeyRotation({ database, writes, key, now })
  return {
    ...foundations,
    audit,
    writes,
    access,
    users: new Users(userContext),
    sessions,
    signIn: new SignIn(userContext, sessions),
    oneTimeTokens: new OneTimeTokens(userContext),
    apiTokens: new ApiTokens(userContext),
    credentials,
    staleCredentials: new StaleCredentials({ database, now }),
    credentialResolver: new CredentialResolver({ credentials, secrets }),
    providerConfigs,
    providerTokens: new ProviderTokens({ secrets, audit, credentialValidators }),
    hardwarePrices: new HardwarePrices(providerConfigs),
    webhookReceiver: new WebhookReceiver({ providerConfigs, secrets, writes, now }),
    cursors: new Cursors(auditKey),
    caches,
    cacheHistory: new CacheHistory({ caches: caches.all, now }),
    providerWatch,
    providerChecks,
    health: new ServerHealth({ database, key, audit, providerChecks }),
    keyRotation,
    rotationRunner: new RotationRunner(keyRotation),
  }
}
