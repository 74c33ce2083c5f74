import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { initialsOf, PriceList, UserDirectory } from './cached-results.ts'

test('asks once for a user whom many want, and again after the user was forgotten', async () => {
  const asked: number[] = []
  const users = new UserDirectory(async id => {
    asked.push(id)
    return { id, name: `user ${id}` }
  })

  const [first, second] = await Promise.all([users.find(1), users.find(1), users.find(2)])
  users.forget(1)
  await users.find(1)

  equal(first, second)
  deepEqual(asked, [1, 2, 1])
  // @ts-expect-error -- a decorator cannot add members to a method
  equal(users.find.cache, undefined)
})

test('keeps the results of a function, and its types', () => {
  equal(initialsOf('ada lovelace'), 'al')
  equal(initialsOf('ada lovelace'), 'al')

  const { hits, misses } = initialsOf.cache.stats()
  deepEqual({ hits, misses }, { hits: 1, misses: 1 })
  // @ts-expect-error -- the name is a text
  const call = (): string => initialsOf(2)
  equal(typeof call, 'function')
})

test('gives the last price for ten minutes while the shop is closed', async () => {
  let now = 0
  let isOpen = true
  const prices = new PriceList(
    async () => {
      if (!isOpen) throw new Error('The shop is closed.')
      return { dollars: 2, validSeconds: 60 }
    },
    () => now,
  )

  await prices.price('gpu')
  isOpen = false
  now = 61_000
  const { dollars } = await prices.price('gpu')

  equal(dollars, 2)
  now = 661_000
  await rejects(prices.price('gpu'), /closed/)
})
