import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** What the log holds of a time, counted. */
export interface AuditStatistics {
  /** Entries of the whole log. */
  readonly total: number
  /** Entries of that time by outcome. */
  readonly done: number
  readonly refused: number
  /** How often a password was wrong. */
  readonly failedSignIns: number
  /** How often a name was locked because of that. */
  readonly lockOuts: number
  /** The types that occurred, most frequent first. */
  readonly types: readonly { readonly type: string; readonly count: number }[]
}

/** Counts the entries from a moment on. */
export async function auditStatistics(database: Kysely<Schema>, since: Date): Promise<AuditStatistics> {
  const rows = await database
    .selectFrom('audit_entry')
    .select(({ fn }) => ['event_type', 'outcome', fn.countAll<number>().as('count')])
    .where('occurred_at', '>=', since.toISOString())
    .groupBy(['event_type', 'outcome'])
    .execute()
  const { total } = await database
    .selectFrom('audit_entry')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const counts = new Map<string, number>()
  for (const { event_type: type, count } of rows) counts.set(type, (counts.get(type) ?? 0) + count)
  const ofOutcome = (outcome: string): number =>
    rows.filter(row => row.outcome === outcome).reduce((sum, { count }) => sum + count, 0)
  const lockOuts = counts.get('auth.locked') ?? 0
  return {
    total,
    done: ofOutcome('done'),
    refused: ofOutcome('refused'),
    // The one that locks a name is recorded as that.
    failedSignIns: (counts.get('auth.login.failed') ?? 0) + lockOuts,
    lockOuts,
    types: [...counts].map(([type, count]) => ({ type, count })).toSorted(byCount),
  }
}

function byCount(
  one: { readonly type: string; readonly count: number },
  other: { readonly type: string; readonly count: number },
): number {
  return other.count - one.count || (one.type < other.type ? -1 : 1)
}
