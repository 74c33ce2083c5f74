import { sql } from 'kysely'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Database } from '../database/database.ts'
import type { ChangingKey } from '../key-rotation/changing-key.ts'
import type { CheckedProvider, ProviderChecks } from '../providers/provider-checks.ts'
import { checkComponent, type CheckResult, type Component } from './component.ts'

/** What is checked. */
export interface ServerHealthContext {
  readonly database: Database
  readonly key: Pick<ChangingKey, 'refresh'>
  readonly audit: Pick<AuditLog, 'receipt'>
  readonly providerChecks: ProviderChecks
  /** How long each may take. Default: 2000. */
  readonly deadlineMs?: number | undefined
}

/** How the parts of the server are (R132). */
export class ServerHealth {
  readonly #parts: ServerHealthContext
  readonly #deadlineMs: number

  constructor(parts: ServerHealthContext) {
    this.#parts = parts
    this.#deadlineMs = parts.deadlineMs ?? 2000
  }

  /** What no request can do without: the database, and the key that belongs to it. */
  essentials(): Promise<readonly Component[]> {
    const { database, key } = this.#parts
    return Promise.all([
      this.#check('database', async () => {
        await sql`select 1`.execute(database.reads)
        return undefined
      }),
      this.#check('credential-key', async () => {
        await key.refresh()
        return undefined
      }),
    ])
  }

  /** Everything. */
  async all(): Promise<readonly Component[]> {
    const { audit, providerChecks } = this.#parts
    const [essentials, log, caches, providers] = await Promise.all([
      this.essentials(),
      this.#check('audit-log', async () => {
        await audit.receipt()
        return undefined
      }),
      this.#check('caches', async () => this.#cacheResult()),
      // Each has a deadline already.
      providerChecks.all(),
    ])
    return [...essentials, log, caches, ...providers.map(componentOf)]
  }

  #check(name: string, check: () => Promise<CheckResult>): Promise<Component> {
    return checkComponent(name, this.#deadlineMs, check)
  }

  #cacheResult(): CheckResult {
    const { database } = this.#parts
    if (database.invalidations.isConnected) return undefined
    return {
      status: 'degraded',
      message: 'Changes of other instances are not heard of: caches are only as fresh as their lifetime.',
      fix: 'Nothing, if it ends soon: the connection is made again by itself.',
    }
  }
}

const statusOf = { ready: 'healthy', degraded: 'degraded', failed: 'unhealthy', not_configured: 'off' } as const

function componentOf({ provider, status, latencyMs, findings }: CheckedProvider): Component {
  const gravest = findings.find(({ severity }) => severity !== 'info')
  return {
    name: `provider:${provider}`,
    status: statusOf[status],
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(gravest === undefined ? {} : { message: gravest.message }),
    ...(gravest?.fix === undefined ? {} : { fix: gravest.fix }),
  }
}
