import { Type } from 'typebox'
import { closed, list } from '../http/answer-schemas.ts'

/** The name of a cache in an address. */
export const CacheNameSchema = Type.String({ minLength: 1, maxLength: 100 })

const Count = Type.Integer({ minimum: 0 })
const Ratio = Type.Number({ minimum: 0, maximum: 1 })
const Milliseconds = Type.Number({ minimum: 0 })

/** A cache; members that its owner does not tell are absent. */
export const CacheSchema = Type.Object({
  name: Type.String(),
  figures: Type.Optional(
    Type.Object(
      {
        size: Count,
        maxSize: Type.Optional(Count),
        hits: Count,
        misses: Count,
        hitRatio: Ratio,
        evictions: Count,
        expirations: Type.Optional(Count),
      },
      { description: 'Since the server started; of this instance. Absent where the cache tells none.' },
    ),
  ),
  loads: Type.Object(
    {
      loads: Count,
      failures: Count,
      p50Ms: Type.Optional(Milliseconds),
      p95Ms: Type.Optional(Milliseconds),
    },
    { description: 'How long the latest 200 loads took.' },
  ),
})

/** What of a cache to clear. */
export const ClearSchema = Type.Object(
  {
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
    prefix: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'All keys that begin so.' })),
    all: Type.Optional(Type.Literal(true)),
    dryRun: Type.Optional(Type.Boolean({ default: false, description: 'Whether to count only.' })),
  },
  { ...closed, description: 'One of `key`, `prefix` and `all`.' },
)

/** What was cleared, or would be. */
export const ClearedSchema = Type.Object({
  count: Type.Integer({ minimum: 0, description: 'Entries of this instance; others clear theirs too.' }),
  dryRun: Type.Boolean(),
})

/** What happened in a cache. */
export const CacheHistorySchema = Type.Object({
  points: list(
    Type.Object({
      at: Type.String({ description: 'The end of the time that it is about.' }),
      hits: Count,
      misses: Count,
      hitRatio: Type.Optional(Ratio),
      evictions: Count,
      size: Count,
    }),
  ),
})
