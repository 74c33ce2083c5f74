import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'
import { nextCursor, pageQuery } from '../http/cursor.ts'
import { HttpProblem } from '../http/problem.ts'
import type { AuditFilter } from './audit-filter.ts'

const text = Type.Union([Type.String(), Type.Null()])

/** A number of an entry. */
export const SequenceSchema = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** An entry of the log. */
export const AuditEntrySchema = Type.Object({
  sequence: Type.Integer({ description: 'Counts up from 1 without a gap.' }),
  occurredAt: Type.String({ description: 'ISO 8601, UTC.' }),
  type: Type.String(),
  outcome: Type.String({ description: '`done` or `refused`.' }),
  actorId: Type.Union([Type.Integer(), Type.Null()]),
  actorName: text,
  actorIp: text,
  targetType: text,
  targetId: text,
  requestId: text,
  action: Type.String({ description: 'A sentence for people.' }),
  details: Type.Unknown({ description: 'More for machines.' }),
  previousHash: Type.String(),
  hash: Type.String(),
})

/** A part of the log. */
export const AuditPageSchema = Type.Object({
  entries: list(AuditEntrySchema),
  total: Type.Integer({ description: 'How many match in all.' }),
  ...nextCursor,
})

/** A moment, with its zone. */
export const MomentSchema = Type.String({ format: 'date-time', maxLength: 40 })

/** Which entries are asked for; all conditions must hold. */
export const filterQuery = {
  type: Type.Optional(
    Type.String({
      pattern: String.raw`^[a-z_.]{1,60}(,[a-z_.]{1,60}){0,20}$`,
      description: 'Types, or beginnings of types that end in a dot, separated by commas: `auth.,user.created`.',
    }),
  ),
  outcome: Type.Optional(Type.Enum(['done', 'refused'])),
  actor: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Id of a user.' })),
  targetType: Type.Optional(Type.String({ maxLength: 100 })),
  targetId: Type.Optional(Type.String({ maxLength: 4096 })),
  since: Type.Optional(MomentSchema),
  until: Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'Not this moment itself.' })),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Part of the action, the actor’s name, the target or the details; ASCII letters in either case.',
    }),
  ),
}

const FilterQuerySchema = Type.Object(filterQuery, closed)

/** The address of a list of entries. */
export const AuditPageQuerySchema = Type.Object({ ...filterQuery, ...pageQuery }, closed)

/** The filter that an address asks for. @throws HttpProblem 400 for a moment that there never was. */
export function filterOf(query: Type.Static<typeof FilterQuerySchema>): AuditFilter {
  const { type, outcome, actor, targetType, targetId, since, until, text: part } = query
  return {
    types: type?.split(','),
    outcome,
    actorId: actor,
    targetType,
    targetId,
    since: since === undefined ? undefined : momentOf(since),
    until: until === undefined ? undefined : momentOf(until),
    text: part,
  }
}

/** @throws HttpProblem 400: the format allows leap seconds, which a `Date` has not. */
export function momentOf(moment: string): Date {
  const date = new Date(moment)
  if (!Number.isNaN(date.getTime())) return date
  throw new HttpProblem(400, 'INVALID_REQUEST', 'A moment is a date and a time with its zone: 2026-01-31T12:00:00Z.')
}

/** The end of the log, signed. */
export const ReceiptSchema = Type.Object(
  {
    sequence: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    hash: Type.String({ maxLength: 64 }),
    signature: Type.String({ maxLength: 64 }),
  },
  closed,
)

/** What a verification found. */
export const VerificationSchema = Type.Object({
  valid: Type.Boolean(),
  checked: Type.Integer({ description: 'Entries that were looked at.' }),
  problemCount: Type.Integer(),
  problems: list(
    Type.Object({
      kind: Type.Enum(['changed', 'unlinked', 'missing', 'unexpected', 'anchor', 'receipt']),
      sequence: Type.Integer({ description: '0 where it is about no entry.' }),
      count: Type.Integer({ description: 'Of entries; 1 but for `missing`.' }),
    }),
  ),
})

/** Which part of the log to verify. */
export const rangeMembers = {
  from: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  to: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
}

/** What happened in the last day. */
export const StatisticsSchema = Type.Object({
  since: Type.String({ description: 'ISO 8601, UTC.' }),
  total: Type.Integer({ description: 'Entries of the whole log.' }),
  done: Type.Integer(),
  refused: Type.Integer(),
  failedSignIns: Type.Integer(),
  lockOuts: Type.Integer(),
  types: list(Type.Object({ type: Type.String(), count: Type.Integer() })),
})
