import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** Which entries are asked for; all conditions must hold. */
export interface AuditFilter {
  /** Exact types, or beginnings that end in a dot: `credential.` */
  readonly types?: readonly string[] | undefined
  readonly outcome?: 'done' | 'refused' | undefined
  readonly actorId?: number | undefined
  /** Done by this user, or to this user. */
  readonly userId?: number | undefined
  readonly targetType?: string | undefined
  readonly targetId?: string | undefined
  /** From this moment on. */
  readonly since?: Date | undefined
  /** Before this moment. */
  readonly until?: Date | undefined
  /** Part of the action, the actor's name, the target or the details; ASCII letters in either case. */
  readonly text?: string | undefined
}

/** The filter as a condition. */
export function auditCondition(
  eb: ExpressionBuilder<Schema, 'audit_entry'>,
  filter: AuditFilter,
): ExpressionWrapper<Schema, 'audit_entry', SqlBool> {
  const { types, outcome, actorId, userId, targetType, targetId, since, until, text } = filter
  return eb.and([
    ...(types === undefined ? [] : [eb.or(types.map(type => ofType(eb, type)))]),
    ...(outcome === undefined ? [] : [eb('outcome', '=', outcome)]),
    ...(actorId === undefined ? [] : [eb('actor_id', '=', actorId)]),
    ...(userId === undefined ? [] : [aboutUser(eb, userId)]),
    ...(targetType === undefined ? [] : [eb('target_type', '=', targetType)]),
    ...(targetId === undefined ? [] : [eb('target_id', '=', targetId)]),
    ...(since === undefined ? [] : [eb('occurred_at', '>=', since.toISOString())]),
    ...(until === undefined ? [] : [eb('occurred_at', '<', until.toISOString())]),
    ...(text === undefined ? [] : [containing(eb, text)]),
  ])
}

type Condition = ExpressionWrapper<Schema, 'audit_entry', SqlBool>

function ofType(eb: ExpressionBuilder<Schema, 'audit_entry'>, type: string): Condition {
  if (!type.endsWith('.')) return eb('event_type', '=', type)
  return eb.or([sql<SqlBool>`event_type like ${`${escaped(type)}%`} escape '\\'`])
}

function aboutUser(eb: ExpressionBuilder<Schema, 'audit_entry'>, userId: number): Condition {
  const isTarget = eb.and([eb('target_type', '=', 'user'), eb('target_id', '=', String(userId))])
  return eb.or([eb('actor_id', '=', userId), isTarget])
}

function containing(eb: ExpressionBuilder<Schema, 'audit_entry'>, text: string): Condition {
  const pattern = `%${escaped(text)}%`
  const columns = ['action', 'actor_name', 'target_id', 'details'] as const
  return eb.or(columns.map(column => sql<SqlBool>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`))
}

/** What stands for anything in a pattern stands for itself; NUL, which PostgreSQL has not, is stored as U+FFFD. */
function escaped(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replaceAll(/[\\%_]/g, String.raw`\$&`)
}
