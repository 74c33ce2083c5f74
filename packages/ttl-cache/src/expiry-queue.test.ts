import { describe, expect, it } from 'vitest'
import { ExpiryQueue, type Expiring } from './expiry-queue.ts'
import { randomNumbers } from './__fixtures__/random-numbers.ts'

interface TestEntry extends Expiring {
  value: unknown
}

function entriesAt(times: readonly number[]): TestEntry[] {
  return times.map(expiresAt => ({ expiresAt, value: expiresAt }))
}

function leave(queue: ExpiryQueue<TestEntry>, entry: TestEntry): void {
  entry.value = undefined
  queue.noteGone(entry)
}

function takeAll(queue: ExpiryQueue<TestEntry>, now: number): readonly number[] {
  const taken: number[] = []
  for (let entry = queue.takeDue(now); entry !== undefined; entry = queue.takeDue(now)) taken.push(entry.expiresAt)
  return taken
}

describe('ExpiryQueue', () => {
  it('gives what is due, soonest first, and nothing else', () => {
    const queue = new ExpiryQueue<TestEntry>()
    for (const entry of entriesAt([5, 3, 9, 1, 7, 3, Infinity])) queue.add(entry)

    const due = takeAll(queue, 5)

    expect(due).toEqual([1, 3, 3, 5])
    expect(takeAll(queue, Number.MAX_VALUE)).toEqual([7, 9])
  })

  it('passes over what has left the cache', () => {
    const queue = new ExpiryQueue<TestEntry>()
    const entries = entriesAt([1, 2, 3])
    for (const entry of entries) queue.add(entry)

    for (const entry of entries.slice(0, 1)) leave(queue, entry)

    expect(queue.countDue(2)).toBe(1)
    expect(takeAll(queue, 3)).toEqual([2, 3])
  })

  it('forgets what has left the cache once that is the majority', () => {
    const queue = new ExpiryQueue<TestEntry>()
    const entries = entriesAt(Array.from({ length: 100 }, (_, index) => index))
    for (const entry of entries) queue.add(entry)

    for (const entry of entries.slice(0, 50)) leave(queue, entry)
    const before = queue.length
    for (const entry of entries.slice(50, 51)) leave(queue, entry)
    const after = queue.length

    expect([before, after]).toEqual([100, 49])
  })

  it('no longer counts what it has passed over', () => {
    const queue = new ExpiryQueue<TestEntry>()
    for (const entry of entriesAt(Array.from({ length: 60 }, () => 1))) {
      queue.add(entry)
      leave(queue, entry)
    }
    takeAll(queue, 1)
    const entries = entriesAt(Array.from({ length: 100 }, () => 2))
    for (const entry of entries) queue.add(entry)

    for (const entry of entries.slice(0, 1)) leave(queue, entry)

    expect(queue.length).toBe(100)
  })

  it.each([1, 2, 3])('stays in order whatever comes and goes (seed %i)', seed => {
    const random = randomNumbers(seed)
    const queue = new ExpiryQueue<TestEntry>()
    const stored = new Set<TestEntry>()
    let now = 0
    for (let step = 0; step < 3000; step += 1) {
      const [entry] = entriesAt([now + Math.floor(random() * 500)])
      if (entry !== undefined) {
        queue.add(entry)
        stored.add(entry)
      }
      for (const leaving of stored) {
        if (random() < 0.6) break
        stored.delete(leaving)
        leave(queue, leaving)
      }
      now += Math.floor(random() * 3)
      const due = [...stored].filter(({ expiresAt }) => expiresAt <= now)
      expect(queue.countDue(now)).toBe(due.length)
      expect(takeAll(queue, now)).toEqual(due.map(({ expiresAt }) => expiresAt).toSorted((a, b) => a - b))
      for (const expired of due) stored.delete(expired)
    }
  })
})
