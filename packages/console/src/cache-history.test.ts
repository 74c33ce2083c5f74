import { TTLCache } from '@st/ttl-cache'
import { expect, it } from 'vitest'
import { CacheHistory } from './cache-history.ts'

it('tells what happened between two samples, and forgets what is older than the window', () => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const cache = new TTLCache<number>()
  const history = new CacheHistory(cache, () => now)
  const later = (seconds: number): void => {
    now += seconds * 1000
    history.sample()
  }

  history.sample()
  cache.set('a', 1)
  cache.get('a')
  cache.get('b')
  later(5)
  later(2)
  later(5)

  expect(history.points(300)).toEqual([
    { at: '2026-01-01T00:00:05.000Z', hits: 1, misses: 1, hitRatio: 0.5, evictions: 0, size: 1 },
    { at: '2026-01-01T00:00:12.000Z', hits: 0, misses: 0, evictions: 0, size: 1 },
  ])
  expect(history.points(3600)).toEqual([])
  later(400)
  expect(history.points(300)).toEqual([])
  expect(history.points(3600)).toMatchObject([{ hits: 1, misses: 1 }])
})
