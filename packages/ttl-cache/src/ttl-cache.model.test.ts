import { describe, expect, it } from 'vitest'
import { CacheAndModel, type Operation } from './__fixtures__/cache-and-model.ts'

const batches = 20
const runsOfBatch = process.env['ST_LONG_TESTS'] === '1' ? 20_000 : 500
const mostOperations = 60

const plainOperations: readonly Operation[] = [
  ...[1, 2, 3].map(() => (pair: CacheAndModel) => pair.get()),
  ...[1, 2, 3, 4, 5, 6].map(() => (pair: CacheAndModel) => pair.set()),
  ...[1, 2, 3].map(() => (pair: CacheAndModel) => pair.wait()),
  ...[1, 2].map(() => (pair: CacheAndModel) => pair.getOrSet()),
  pair => pair.peek(),
  pair => pair.entry(),
  pair => pair.setUndefined(),
  pair => pair.delete(),
  pair => pair.invalidatePrefix(),
  pair => (pair.model.entries.length > 3 ? pair.clear() : pair.get()),
  pair => pair.getOrSetBadly(),
  pair => pair.stepBack(),
]

const loadingOperations: readonly Operation[] = [
  ...plainOperations,
  ...Array.from({ length: 14 }, () => (pair: CacheAndModel) => pair.getOrSetAsync()),
  ...Array.from({ length: 12 }, () => (pair: CacheAndModel) => pair.endLoad()),
  ...Array.from({ length: 4 }, () => (pair: CacheAndModel) => pair.wait()),
  pair => pair.abort(),
]

/** Throws where the cache does something else than its model, with what led to it. */
async function run(seed: number): Promise<CacheAndModel> {
  const pair = new CacheAndModel(seed)
  const operations = seed % 2 === 0 ? plainOperations : loadingOperations
  try {
    for (let step = 0; step < mostOperations / 2 + (seed % (mostOperations / 2)); step += 1) await pair.step(operations)
    await pair.finish()
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}\nafter\n${pair.describeHistory()}`, { cause: error })
  }
  return pair
}

describe('TTLCache', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch * runsOfBatch + 1))(
    `does what its model does in ${runsOfBatch} runs from seed %i`,
    async first => {
      const seen = { evictions: 0, expirations: 0, staleHits: 0, loadFailures: 0 }

      for (let seed = first; seed < first + runsOfBatch; seed += 1) {
        const { counters } = (await run(seed)).model
        seen.evictions += counters.evictions
        seen.expirations += counters.expirations
        seen.staleHits += counters.staleHits
        seen.loadFailures += counters.loadFailures
      }

      expect(Math.min(...Object.values(seen))).toBeGreaterThan(10)
    },
  )
})
