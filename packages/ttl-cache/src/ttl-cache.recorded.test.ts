import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TTLCache } from './ttl-cache.ts'

/** A sequence of operations and what the cache must answer. */
interface Recording {
  readonly name: string
  readonly options: { readonly defaultTtl?: number; readonly maxSize?: number; readonly cleanupInterval?: number }
  readonly improvedConstructor?: string
  readonly steps: readonly Step[]
}

interface Step {
  readonly op: string
  readonly key: string
  readonly prefix: string
  readonly value?: unknown
  readonly ttl?: number | 'inf'
  readonly throws?: boolean
  readonly s: number
  /** A list of keys for `keys`. */
  readonly improved?: unknown
}

// Written by the generator of the recordings; a step of another shape fails its comparison.
const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/ttl-cache.json', import.meta.url), 'utf8'),
) as readonly Recording[]

/** The answers of the cache, each beside the recorded one. */
function replay({ options, steps }: Recording): readonly [answer: unknown, recorded: unknown][] {
  let nowMs = 0
  const cache = new TTLCache<unknown>({ ...options, now: () => nowMs })
  const operations: Record<string, (step: Step) => unknown> = {
    advance: ({ s }) => {
      nowMs += s * 1000
    },
    get: ({ key }) => (cache.has(key) ? { hit: cache.get(key) } : { miss: cache.get(key) === undefined }),
    set: step => {
      cache.set(step.key, step.value, secondsOf(step))
    },
    getOrSet: step => getOrSet(cache, step),
    delete: ({ key }) => cache.delete(key),
    clear: () => cache.clear(),
    invalidatePrefix: ({ prefix }) => cache.invalidatePrefix(prefix),
    keys: () => Array.from(cache, ([key]) => key),
    stats: () => statsOf(cache),
  }
  const expiresAt = new Map<string, number>()
  return steps.map(step => {
    const answer = operations[step.op]?.(step)
    if (isStored(step)) expiresAt.set(step.key, nowMs + (secondsOf(step) ?? options.defaultTtl ?? 300) * 1000)
    const isLive = (key: string): boolean => (expiresAt.get(key) ?? 0) > nowMs
    return [answer, step.op === 'keys' ? (step.improved as readonly string[]).filter(isLive) : step.improved]
  })
}

/** Whether the step stored a value; the recordings list keys until they are removed, ours only while they are live. */
function isStored({ op, improved }: Step): boolean {
  return op === 'set' || (op === 'getOrSet' && JSON.stringify(improved).includes('"factoryCalls":1'))
}

function getOrSet(cache: TTLCache<unknown>, step: Step): unknown {
  let factoryCalls = 0
  const factory = (): unknown => {
    factoryCalls += 1
    if (step.throws === true) throw new Error('the factory failed')
    return step.value
  }
  try {
    return { value: cache.getOrSet(step.key, factory, secondsOf(step)), factoryCalls }
  } catch {
    return { raises: 'RuntimeError', factoryCalls }
  }
}

function statsOf(cache: TTLCache<unknown>): unknown {
  const { size, maxSize, expiredCount, defaultTtl, hits, misses, evictions, expirations } = cache.stats()
  const figures = { size, max_size: maxSize, expired_count: expiredCount, default_ttl: defaultTtl }
  return { ...figures, hits, misses, evictions, expirations }
}

function secondsOf({ ttl }: Step): number | undefined {
  return ttl === 'inf' ? Infinity : ttl
}

describe('recorded sequences', () => {
  it('are all there', () => {
    const checked = recordings.flatMap(({ steps }) => steps).filter(({ improved }) => improved !== undefined)

    expect(recordings).toHaveLength(39)
    expect(checked).toHaveLength(840)
  })

  it.each(recordings.filter(({ improvedConstructor }) => improvedConstructor === undefined))('$name', recording => {
    const results = replay(recording)

    expect(results.map(([answer]) => answer)).toEqual(results.map(([, recorded]) => recorded))
  })

  it.each(recordings.filter(({ improvedConstructor }) => improvedConstructor !== undefined))(
    '$name, and ours refuses it',
    ({ options }) => {
      expect(() => new TTLCache(options)).toThrow(RangeError)
    },
  )
})
