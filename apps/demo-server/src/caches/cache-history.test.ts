import { TTLCache } from '@st/ttl-cache'
import { expect, it } from 'vitest'
import { CacheHistory } from './cache-history.ts'
import { sharedCache } from './server-cache.ts'

function world(): {
  readonly history: CacheHistory
  readonly restart: () => void
  readonly use: () => void
  readonly pass: (seconds: number) => void
} {
  let nowMs = Date.UTC(2026, 0, 1)
  let cache = new TTLCache<unknown>()
  const history = new CacheHistory({
    caches: [sharedCache('c', () => cache, '')],
    now: () => new Date(nowMs),
  })
  return {
    history,
    restart: () => {
      cache = new TTLCache<unknown>()
    },
    use: () => void cache.get('a'),
    pass: seconds => {
      nowMs += seconds * 1000
      history.sample()
    },
  }
}

it('a day of samples is kept in a few hundred points, however often they are taken', () => {
  const { history, use, pass } = world()

  for (let seconds = 0; seconds < 2 * 86_400; seconds += 5) {
    use()
    pass(5)
  }
  const points = [history.points('c', 300), history.points('c', 3600), history.points('c', 86_400)]

  expect(points.map(({ length }) => length)).toEqual([60, 60, 96])
  expect(points.map(list => list.reduce((sum, { misses }) => sum + misses, 0))).toEqual([60, 720, 17_280])
})

it('a cache that is started anew counts from zero, and one that nobody asks has no ratio', () => {
  const { history, restart, use, pass } = world()
  pass(5)
  for (let count = 0; count < 10; count += 1) use()
  pass(5)
  restart()
  use()
  pass(5)
  pass(5)

  const points = history.points('c', 300)

  expect(points.map(({ misses, hitRatio }) => [misses, hitRatio])).toEqual([
    [10, 0],
    [1, 0],
    [0, undefined],
  ])
})
