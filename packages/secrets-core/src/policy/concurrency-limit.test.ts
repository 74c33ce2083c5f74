import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../__fixtures__/failures.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'

/** Work that ends when the test says so, and a list of what has begun. */
class Workshop {
  readonly limit: ConcurrencyLimit
  readonly begun: string[] = []
  readonly #held = new Map<string, PromiseWithResolvers<string>>()

  constructor(limit: number) {
    this.limit = new ConcurrencyLimit(limit)
  }

  run(name: string, signal: AbortSignal = new AbortController().signal): Promise<string> {
    const held = Promise.withResolvers<string>()
    this.#held.set(name, held)
    const work = async (): Promise<string> => {
      this.begun.push(name)
      return held.promise
    }
    return this.limit.run(work, signal)
  }

  async end(name: string): Promise<void> {
    this.#held.get(name)?.resolve(name)
    await turn()
  }

  async fail(name: string): Promise<void> {
    this.#held.get(name)?.reject(new Error(name))
    await turn()
  }
}

async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

describe('ConcurrencyLimit', () => {
  it('lets so many run, and the others in the order in which they came', async () => {
    const shop = new Workshop(2)
    for (const name of ['a', 'b', 'c', 'd']) void shop.run(name)
    await turn()
    const atFirst = [...shop.begun]

    await shop.end('b')
    const afterOne = [...shop.begun]
    await shop.end('a')

    expect([atFirst, afterOne, shop.begun]).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c', 'd'],
    ])
  })

  it('gives the place of one that failed to the next', async () => {
    const shop = new Workshop(1)
    const failing = rejectionOf(shop.run('a'))
    void shop.run('b')

    await shop.fail('a')

    expect([await failing, shop.begun]).toEqual([new Error('a'), ['a', 'b']])
  })

  it('has room again when all have left', async () => {
    const shop = new Workshop(1)
    void shop.run('a')
    void shop.run('b')
    await shop.end('a')
    await shop.end('b')

    void shop.run('c')

    expect(shop.begun).toEqual(['a', 'b', 'c'])
  })

  it('lets nobody slip in between one that leaves and the next in line', async () => {
    const shop = new Workshop(1)
    const first = shop.run('a')
    void shop.run('waiting')

    const slipping = first.then(async () => shop.run('late'))
    await shop.end('a')
    const afterFirst = [...shop.begun]
    await shop.end('waiting')
    await shop.end('late')

    expect(afterFirst).toEqual(['a', 'waiting'])
    expect(await slipping).toBe('late')
  })

  it('ends the wait in line with the reason of an abort, and takes no place for it', async () => {
    const shop = new Workshop(1)
    const controller = new AbortController()
    void shop.run('a')
    const waiting = rejectionOf(shop.run('b', controller.signal))
    void shop.run('c')

    controller.abort('enough')
    const reason = await waiting
    await shop.end('a')

    expect([reason, shop.begun]).toEqual(['enough', ['a', 'c']])
  })

  it('passes a place on that was given in the moment of the abort', async () => {
    const shop = new Workshop(1)
    const controller = new AbortController()
    void shop.run('a')
    const waiting = shop.run('b', controller.signal)
    void shop.run('c')
    waiting.catch(() => undefined)

    void shop.end('a')
    // Any number of promise jobs later the place is being handed over.
    for (let job = 0; job < 20 && shop.begun.length < 2; job += 1) await Promise.resolve()
    controller.abort('enough')
    await turn()
    await shop.end('b')

    expect(shop.begun).toContain('c')
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('loses no place when an abort comes %i promise jobs after one ends', async jobs => {
    const shop = new Workshop(1)
    const controller = new AbortController()
    void shop.run('a')
    shop.run('b', controller.signal).catch(() => undefined)
    void shop.run('c')

    const ending = shop.end('a')
    for (let job = 0; job < jobs; job += 1) await Promise.resolve()
    controller.abort('enough')
    await ending
    await shop.end('b')
    await shop.end('c')
    void shop.run('d')

    expect(shop.begun.at(-1)).toBe('d')
    expect(shop.begun).toContain('c')
  })
})
