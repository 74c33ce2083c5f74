import type { AuditActor } from '../audit/audit-event.ts'
import type { AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { Refusal } from '../refusal.ts'

/** When credentials count as old. */
export interface CredentialSettings {
  /** Days after which one that was not changed is stale: 1 to 365. */
  readonly staleThresholdDays: number
  /** Whether one is shown as expiring before that. */
  readonly isEarlyWarningEnabled: boolean
  /** From which part of the threshold on, in percent: 1 to 99. */
  readonly earlyWarningPercent: number
}

/** SimpleTuner's defaults. */
const defaultCredentialSettings: CredentialSettings = {
  staleThresholdDays: 90,
  isEarlyWarningEnabled: false,
  earlyWarningPercent: 75,
}

/** How old a credential is by the settings. */
export type CredentialStatus = 'active' | 'expiring' | 'stale'

const dayMs = 86_400_000

/** The status of a credential that was last changed at a moment. */
export function credentialStatus(changedAt: string, settings: CredentialSettings, now: Date): CredentialStatus {
  const ageDays = (now.getTime() - Date.parse(changedAt)) / dayMs
  const { staleThresholdDays, isEarlyWarningEnabled, earlyWarningPercent } = settings
  if (ageDays >= staleThresholdDays) return 'stale'
  const warnsAt = (staleThresholdDays * earlyWarningPercent) / 100
  return isEarlyWarningEnabled && ageDays >= warnsAt ? 'expiring' : 'active'
}

/** The settings as they are stored, with their version. */
export interface StoredCredentialSettings extends CredentialSettings {
  /** 0 while they are the defaults. */
  readonly version: number
}

const name = 'credentials'

/** Reads the settings; the defaults where there are none. */
export async function readCredentialSettings(
  database: Pick<Database['reads'], 'selectFrom'>,
): Promise<StoredCredentialSettings> {
  const row = await database
    .selectFrom('setting')
    .select(['value', 'version'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) return { ...defaultCredentialSettings, version: 0 }
  // Written by `writeCredentialSettings` only, which checks them.
  return { ...(JSON.parse(row.value) as CredentialSettings), version: row.version }
}

/** What to change, by whom. */
export interface CredentialSettingsChange {
  readonly settings: CredentialSettings
  /** The version that was read before. Default: whatever it is. */
  readonly expectedVersion?: number | undefined
  readonly actor: AuditActor
}

/** Stores the settings. @throws Refusal `INVALID_SETTINGS`, `STALE_VERSION` */
export function writeCredentialSettings(
  writes: AuditedWrites,
  { settings, expectedVersion, actor }: CredentialSettingsChange,
): Promise<StoredCredentialSettings> {
  const event = {
    type: 'config.changed',
    actor,
    target: { type: 'setting', id: name },
    action: 'Changed when credentials count as old',
  } as const
  return writes.write(event, async ({ transaction, record }) => {
    requireRanges(settings)
    const { version: before, ...old } = await readCredentialSettings(transaction)
    if (expectedVersion !== undefined && expectedVersion !== before) {
      throw new Refusal('stale', 'STALE_VERSION', 'The settings were changed since you read them: read them again.')
    }
    const row = { name, value: JSON.stringify(settings), version: before + 1 }
    await transaction
      .insertInto('setting')
      .values(row)
      .onConflict(conflict => conflict.column('name').doUpdateSet(row))
      .execute()
    await record({ details: { before: old, after: settings } })
    return { ...settings, version: row.version }
  })
}

function requireRanges({ staleThresholdDays, earlyWarningPercent }: CredentialSettings): void {
  const isWhole = Number.isInteger(staleThresholdDays) && Number.isInteger(earlyWarningPercent)
  const isInRange =
    staleThresholdDays >= 1 && staleThresholdDays <= 365 && earlyWarningPercent >= 1 && earlyWarningPercent <= 99
  if (isWhole && isInRange) return
  throw new Refusal('invalid', 'INVALID_SETTINGS', 'The threshold is 1 to 365 days, the early warning 1 to 99 percent.')
}
