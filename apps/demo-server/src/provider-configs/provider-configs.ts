import { clearHardwareInfoCache } from '@st/hardware-info'
import { getProviderConfigCache, invalidateProviderCache, providerConfigKey } from '@st/ttl-cache'
import type { AuditActor, AuditEvent } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'
import { applyProviderConfigUpdate } from './apply-provider-config-update.ts'
import type { ProviderConfig, ProviderConfigUpdate } from './provider-config-schema.ts'

/** A configuration and which one it is; frozen, with all that it is made of. */
export interface VersionedProviderConfig {
  readonly provider: string
  readonly config: Readonly<ProviderConfig>
  /** 0 while nothing was ever configured. */
  readonly version: number
}

/** What to change, by whom. */
export interface ProviderConfigChange {
  readonly update: ProviderConfigUpdate
  /** The version that was read before (`If-Match`). Default: whatever it is. */
  readonly expectedVersion?: number | undefined
  readonly actor: AuditActor
}

/** What the configurations work with. */
export interface ProviderConfigsContext {
  readonly database: Pick<Database, 'reads' | 'invalidations'>
  readonly writes: AuditedWrites
  /** Whether webhooks may go to this machine and its networks, for development. Default: false. */
  readonly allowsPrivateWebhooks?: boolean | undefined
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined
}

/** For how many seconds a configuration is kept (R77). */
const keptFor = 300

/**
 * The configurations of providers, read through the provider-config cache (R75–R78): the first read asks the database, the
 * others of the next 300 seconds do not. A change is stored, then forgotten by all caches.
 */
export class ProviderConfigs {
  readonly #database: ProviderConfigsContext['database']
  readonly #writes: AuditedWrites
  readonly #allowsPrivateWebhooks: boolean
  readonly #now: () => Date

  constructor({ database, writes, allowsPrivateWebhooks = false, now = () => new Date() }: ProviderConfigsContext) {
    this.#database = database
    this.#writes = writes
    this.#allowsPrivateWebhooks = allowsPrivateWebhooks
    this.#now = now
  }

  /** @throws Refusal `INVALID_PROVIDER_NAME` */
  async get(provider: string): Promise<VersionedProviderConfig> {
    requireProviderName(provider)
    const load = (): Promise<VersionedProviderConfig> => read(this.#database.reads, provider)
    // Under this key nothing else is stored.
    return (await getProviderConfigCache().getOrSetAsync(
      providerConfigKey(provider),
      load,
      keptFor,
    )) as VersionedProviderConfig
  }

  /** Names of the providers that are configured, in their order; those after one of them. */
  async names({ limit, after }: { readonly limit: number; readonly after: string }): Promise<readonly string[]> {
    const rows = await this.#database.reads
      .selectFrom('provider_config')
      .select('provider')
      .where('provider', '>', after)
      .orderBy('provider')
      .limit(limit)
      .execute()
    return rows.map(({ provider }) => provider)
  }

  /**
   * Changes a configuration, with its audit entry. Caches forget the old one after the commit: not before, or a read in
   * between would bring it back; and not when the change is refused.
   *
   * @throws Refusal `STALE_VERSION`, `INVALID_PROVIDER_NAME`, or the rule that is broken.
   */
  async update(
    provider: string,
    { update, expectedVersion, actor }: ProviderConfigChange,
  ): Promise<VersionedProviderConfig> {
    const event: AuditEvent = {
      type: 'provider.configured',
      actor,
      target: { type: 'provider', id: provider },
      action: 'Configured a provider',
    }
    const saved = await this.#writes.write(event, async ({ transaction, record }) => {
      requireProviderName(provider)
      const before = await read(transaction, provider)
      requireVersion(before.version, expectedVersion)
      const config = await applyProviderConfigUpdate(before, update, {
        allowsPrivateWebhooks: this.#allowsPrivateWebhooks,
      })
      const row = {
        provider,
        config: JSON.stringify(config),
        version: before.version + 1,
        updated_at: this.#now().toISOString(),
      }
      await transaction
        .insertInto('provider_config')
        .values(row)
        .onConflict(conflict => conflict.column('provider').doUpdateSet(row))
        .execute()
      await this.#database.invalidations.announce(transaction, { cache: 'provider', name: provider })
      await record({ details: { version: row.version, changed: changesOf(before.config, config) } })
      return frozen({ provider, config, version: row.version })
    })
    forgetProvider(provider)
    return saved
  }
}

/** Forgets what is cached about a provider, and the prices that its configuration may hold (R103). */
export function forgetProvider(provider: string): void {
  invalidateProviderCache(provider)
  clearHardwareInfoCache()
}

async function read(
  database: Pick<Database['reads'], 'selectFrom'>,
  provider: string,
): Promise<VersionedProviderConfig> {
  const row = await database
    .selectFrom('provider_config')
    .select(['config', 'version'])
    .where('provider', '=', provider)
    .executeTakeFirst()
  if (row === undefined) return frozen({ provider, config: {}, version: 0 })
  // Written by `update` only, which has checked it.
  return frozen({ provider, config: JSON.parse(row.config) as ProviderConfig, version: row.version })
}

function requireProviderName(provider: string): void {
  const isName = provider !== '' && provider.length <= 200 && provider.isWellFormed() && !/\p{Cc}/u.test(provider)
  if (isName) return
  throw new Refusal(
    'invalid',
    'INVALID_PROVIDER_NAME',
    'A provider has a name of 1 to 200 characters, no control characters.',
  )
}

function requireVersion(version: number, expected: number | undefined): void {
  if (expected === undefined || expected === version) return
  throw new Refusal('stale', 'STALE_VERSION', 'The configuration was changed since you read it: read it again.')
}

/** Members that may hold a password or a token. Of a change, only that they were set is recorded. */
const secretMembers = ['webhook_url', 'proxy_url', 'preferences'] as const

/** Those of a configuration that may hold a password or a token. */
export function secretMembersOf(config: Readonly<ProviderConfig>): readonly string[] {
  return secretMembers.filter(name => config[name] !== undefined && config[name] !== null)
}

/** A configuration without these. */
export function withoutSecrets(config: Readonly<ProviderConfig>): Readonly<ProviderConfig> {
  const { webhook_url: _url, proxy_url: _proxy, preferences: _preferences, ...told } = config
  return told
}

function changesOf(before: ProviderConfig, after: ProviderConfig): Readonly<Record<string, unknown>> {
  const [old, next] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  const names = [...new Set([...old.keys(), ...next.keys()])]
  const changed = names.filter(name => JSON.stringify(old.get(name)) !== JSON.stringify(next.get(name)))
  return Object.fromEntries(
    changed.map(name => {
      const [from, to] = [old.get(name) ?? null, next.get(name) ?? null]
      if (secretMembers.some(member => member === name)) return [name, to === null ? 'cleared' : 'set']
      return [name, { from, to }]
    }),
  )
}

/** So that who gets a configuration from the cache cannot change it for the others. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
