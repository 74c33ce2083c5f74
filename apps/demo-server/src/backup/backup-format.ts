import { Type } from 'typebox'

/**
 * A backup is text in lines (NDJSON, UTF-8): the header, then a row a line, table by table, each an array of the table's
 * number in the header and the values of its columns, then the trailer. It is the same for both databases.
 */
export const formatName = 'st-demo-server backup'

/** Counts up when older programs could not read it. */
export const formatVersion = 1

const name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' })
const fingerprint = Type.String({ pattern: '^[0-9a-f]{16}$' })
const closed = { additionalProperties: false }
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** The first line. */
export const BackupHeaderSchema = Type.Object(
  {
    format: Type.Literal(formatName),
    version: Type.Literal(formatVersion),
    createdAt: Type.String({ maxLength: 40 }),
    database: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
    /** Which changes of the tables were made. */
    migrations: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10_000 }),
    /** Those that the values need. With `secret` where it was in a file: the key, or a token of the passphrase. */
    credentialKeys: Type.Array(
      Type.Object(
        {
          fingerprint,
          check: Type.String({ maxLength: 1000 }),
          secret: Type.Optional(Type.String({ maxLength: 10_000 })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 2 },
    ),
    /** Of keys that are passphrases. */
    salt: Type.String({ maxLength: 100 }),
    /** The same for the key of the audit log, whose `secret` is base64. */
    auditKey: Type.Object({ fingerprint, secret: Type.Optional(Type.String({ maxLength: 10_000 })) }, closed),
    /** Present where the keys are sealed with a passphrase, of which it is the salt. */
    passphraseSalt: Type.Optional(Type.String({ maxLength: 100 })),
    /** The end of the audit log. */
    receipt: Type.Object(
      { sequence: count, hash: Type.String({ maxLength: 100 }), signature: Type.String({ maxLength: 100 }) },
      closed,
    ),
    tables: Type.Array(Type.Object({ name, columns: Type.Array(name, { minItems: 1, maxItems: 100 }) }, closed), {
      maxItems: 1000,
    }),
    /** The numbers that were given out last, by table: none is given out twice, also after its row was deleted. */
    counters: Type.Record(name, count),
  },
  closed,
)

/** The first line. */
export type BackupHeader = Type.Static<typeof BackupHeaderSchema>

/** The last line. */
export const BackupTrailerSchema = Type.Object(
  {
    /** Rows by table, in the order of the header. */
    rows: Type.Array(count),
    /** Of everything before this line. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** Of the checksum, by the key of the audit log. */
    signature: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  closed,
)

/** The last line. */
export type BackupTrailer = Type.Static<typeof BackupTrailerSchema>

/** Tables that hold nothing to keep: what they are about ends with a restore, or belongs to this server and not to its data. */
export const tablesLeftOut: ReadonlySet<string> = new Set([
  'idempotent_request',
  'key_check',
  'key_rotation',
  'kysely_migration',
  'login_attempt',
  'one_time_token',
  'received_webhook',
  'user_session',
  'writer',
])

/** Of {@link tablesLeftOut}, those that stay as they are. */
export const tablesKept: ReadonlySet<string> = new Set([
  'key_check',
  'key_rotation',
  'kysely_migration',
  'received_webhook',
  'writer',
])

/** The tables of the audit log. */
export const auditTables: ReadonlySet<string> = new Set(['audit_anchor', 'audit_entry'])
