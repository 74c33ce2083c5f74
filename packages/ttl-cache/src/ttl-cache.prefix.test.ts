import { afterEach, describe, expect, it, vi } from 'vitest'
import { HeldFactory } from './__fixtures__/held-factory.ts'
import { keysOf } from './__fixtures__/keys-of.ts'
import { RandomChoices } from './__fixtures__/random-choices.ts'
import { withClock } from './__fixtures__/with-clock.ts'
import { TTLCache } from './ttl-cache.ts'

const runs = process.env['ST_LONG_TESTS'] === '1' ? 20_000 : 400

/** Parts of keys, among them some that look like the end of another, and some that are long. */
const parts = ['', 'a', 'b', 'ab', 'é', 'e\u0301', '𐀀', '\ud800', ' ', '__proto__', 'x'.repeat(70), 'y'.repeat(130)]

function randomText(random: RandomChoices): string {
  return Array.from({ length: 1 + random.below(5) }, () => random.pick(parts)).join(':')
}

/** The keys that a scan finds, and the rest. */
function split(keys: Iterable<string>, prefix: string): readonly [string[], string[]] {
  const matching: string[] = []
  const others: string[] = []
  for (const key of keys) (key.startsWith(prefix) ? matching : others).push(key)
  return [matching, others]
}

/** Throws where a call removes something else than a scan would; returns how much was removed in all. */
function invalidateAtRandom(seed: number): number {
  const random = new RandomChoices(seed)
  const cache = new TTLCache<number>({ maxSize: random.pick([10, 50, 1000, Infinity]) })
  let removed = 0
  for (let round = 0; round < 20; round += 1) {
    changeAtRandom(cache, random)
    const text = random.pick([randomText(random), ...keysOf(cache)])
    const prefix = random.isOneIn(2) ? text.slice(0, random.below(text.length + 1)) : `${text}:`
    const [matching, others] = split(keysOf(cache), prefix)
    const count = cache.invalidatePrefix(prefix)
    if (count !== matching.length) throw new Error(`seed ${seed}: removed ${count}, expected ${matching.length}`)
    if (keysOf(cache).join('\n') !== others.join('\n')) throw new Error(`seed ${seed}: removed other keys`)
    removed += count
  }
  return removed
}

function changeAtRandom(cache: TTLCache<number>, random: RandomChoices): void {
  for (let added = random.below(30); added > 0; added -= 1) cache.set(randomText(random), added)
  for (let deleted = random.below(4); deleted > 0; deleted -= 1) cache.delete(random.pickOf(keysOf(cache)) ?? '')
  if (random.isOneIn(30)) cache.clear()
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('invalidatePrefix', () => {
  it.each(Array.from({ length: 10 }, (_, batch) => 1 + (batch * runs) / 10))(
    `removes the keys that a scan finds, in ${runs / 10} runs from seed %i`,
    first => {
      let removed = 0

      for (let seed = first; seed < first + runs / 10; seed += 1) removed += invalidateAtRandom(seed)

      expect(removed).toBeGreaterThan(runs)
    },
  )

  it.each([
    ['provider:replicate:', ['provider:replicate:config', 'provider:replicate:']],
    ['provider:replicate', ['provider:replicate:config', 'provider:replicate2:config', 'provider:replicate:']],
    ['provider:', ['provider:replicate:config', 'provider:replicate2:config', 'provider:replicate:']],
    ['user:1:', ['user:1:perms', 'user:1:']],
    ['user:1:p', ['user:1:perms']],
    ['user:1', ['user:1:perms', 'user:1:', 'user:12:perms', 'user:1']],
    ['user:1:perms', ['user:1:perms']],
    ['user:1:perms:', []],
    ['.*', []],
    ['provider:*:', []],
  ])('takes %s literally', (prefix, expected) => {
    const cache = new TTLCache<number>()
    const keys = [
      'provider:replicate:config',
      'provider:replicate2:config',
      'provider:replicate:',
      'user:1:perms',
      'user:1:',
      'user:12:perms',
      'user:1',
    ]
    for (const key of keys) cache.set(key, 1)

    const count = cache.invalidatePrefix(prefix)

    expect(count).toBe(expected.length)
    expect(keysOf(cache)).toEqual(keys.filter(key => !expected.includes(key)))
  })

  it('with the empty prefix removes everything', () => {
    const { cache, advance } = withClock<number>()
    for (const key of ['', 'a', 'a:b:c']) cache.set(key, 1, 1)
    advance(1)

    expect(cache.invalidatePrefix('')).toBe(3)
    expect(cache.size).toBe(0)
  })

  it.each(['a:1:', 'a:'])('counts expired entries, and neither sweeps nor counts them as expirations (%s)', prefix => {
    const { cache, advance } = withClock<number>()
    cache.set('a:1:x', 1, 1)
    cache.set('a:1:y', 1)
    cache.set('b:1:x', 1, 1)
    advance(120)

    const count = cache.invalidatePrefix(prefix)

    expect(count).toBe(2)
    expect(cache.stats()).toMatchObject({ size: 1, expiredCount: 1, expirations: 0 })
  })

  it('finds keys of one group that were added, replaced, deleted and evicted since the last time', () => {
    const cache = new TTLCache<number>({ maxSize: 100 })
    cache.invalidatePrefix('a:1:')
    for (let index = 0; index < 150; index += 1) cache.set(`a:${index % 3}:${index}`, index)
    for (let index = 60; index < 150; index += 5) cache.delete(`a:${index % 3}:${index}`)
    for (let index = 61; index < 150; index += 5) cache.set(`a:${index % 3}:${index}`, -index)
    const [matching, others] = split(keysOf(cache), 'a:1:')

    const count = cache.invalidatePrefix('a:1:')

    expect(count).toBe(matching.length)
    expect(count).toBeGreaterThan(20)
    expect(keysOf(cache)).toEqual(others)
  })

  it.each([
    ['before the cache was filled', true],
    ['when the cache is full', false],
  ])('looks at few keys but its own, although it was first used %s', (_, isFirst) => {
    const cache = new TTLCache<number>({ maxSize: Infinity })
    if (isFirst) cache.invalidatePrefix('none:none:')
    for (let index = 0; index < 20_000; index += 1) cache.set(`provider:${index % 200}:${index}`, index)
    cache.invalidatePrefix('none:none:')
    const lookedAt = vi.spyOn(String.prototype, 'startsWith')

    const count = cache.invalidatePrefix('provider:77:')

    const looks = lookedAt.mock.calls.length
    expect(count).toBe(100)
    expect(looks).toBeGreaterThanOrEqual(100)
    expect(looks).toBeLessThan(2000)
  })

  it('keeps what is being loaded under the prefix from being stored, with and without an index', async () => {
    for (const prefix of ['a:1:', 'a:1', '']) {
      const cache = new TTLCache<string>()
      const factories = [new HeldFactory<string>(), new HeldFactory<string>()]
      const waiting = ['a:1:x', 'b:1:x'].map((key, index) =>
        cache.getOrSetAsync(key, factories[index]?.run ?? (() => '')),
      )

      const count = cache.invalidatePrefix(prefix)
      for (const factory of factories) factory.resolve('loaded')
      const values = await Promise.all(waiting)

      expect(count).toBe(0)
      expect(values).toEqual(['loaded', 'loaded'])
      expect(keysOf(cache)).toEqual(prefix === '' ? [] : ['b:1:x'])
    }
  })

  it('does not tell apart by their hash keys that it must not mix', () => {
    const cache = new TTLCache<number>({ maxSize: 16 })
    cache.invalidatePrefix('0:0:')
    for (let group = 0; group < 16; group += 1) cache.set(`${group}:0:key`, group)

    const counts = Array.from({ length: 16 }, (_, group) => [
      cache.invalidatePrefix(`${group}:0:other`),
      cache.invalidatePrefix(`${group}:0:`),
      cache.size,
    ])

    expect(counts).toEqual(Array.from({ length: 16 }, (_, group) => [0, 1, 15 - group]))
  })
})
