import { amount, list, members, optional, type Shape, text } from './answer-shape.ts'

/** A cache of a server, and how often it answers. */
export interface CacheView {
  readonly name: string
  /** Of the instance that was asked, since it started; `null` where the cache tells none. */
  readonly figures: CacheFigures | null
  readonly loads: LoadTimes
}

interface CacheFigures {
  readonly size: number
  readonly maxSize: number | null
  readonly hits: number
  readonly misses: number
  readonly hitRatio: number
  readonly evictions: number
  readonly expirations: number | null
}

interface LoadTimes {
  readonly loads: number
  readonly failures: number
  /** Milliseconds. */
  readonly p50Ms: number | null
  /** Milliseconds. */
  readonly p95Ms: number | null
}

/** All caches, as a server lists them. */
export const cachesShape: Shape<{ readonly caches: readonly CacheView[] }> = members<{
  readonly caches: readonly CacheView[]
}>({
  caches: list(
    members<CacheView>({
      name: text,
      figures: optional(
        members<CacheFigures>({
          size: amount,
          maxSize: optional(amount),
          hits: amount,
          misses: amount,
          hitRatio: amount,
          evictions: amount,
          expirations: optional(amount),
        }),
      ),
      loads: members<LoadTimes>({ loads: amount, failures: amount, p50Ms: optional(amount), p95Ms: optional(amount) }),
    }),
  ),
})
