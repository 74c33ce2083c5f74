import { setImmediate } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { describeDatabases } from '../testing/databases.ts'
import type { Database } from './database.ts'
import type { Invalidation } from './invalidations.ts'

const replicate: Invalidation = { cache: 'provider', name: 'replicate: "ö" \n' }
const cleared: Invalidation = { cache: 'cleared', name: '["secrets",{"all":true}]' }

function heardBy({ invalidations }: Database): (Invalidation | 'everything')[] {
  const heard: (Invalidation | 'everything')[] = []
  invalidations.subscribe(what => heard.push(what))
  return heard
}

async function announce(database: Database, invalidation: Invalidation): Promise<void> {
  await database.write(transaction => database.invalidations.announce(transaction, invalidation))
}

describeDatabases('invalidations', ({ kind, locate, open, openAt, server }) => {
  it('are not told to the instance that announces them', async () => {
    const database = await open()
    const heard = heardBy(database)

    await announce(database, replicate)
    await setImmediate()

    expect(heard).toEqual([])
    expect(database.invalidations.isConnected).toBe(true)
  })

  if (kind === 'sqlite') return

  it('reach the other instances when the transaction is committed, and never when it is rolled back', async () => {
    const location = await locate()
    const [one, other] = [await openAt(location), await openAt(location)]
    const heard = heardBy(other)

    await one
      .write(async transaction => {
        await one.invalidations.announce(transaction, { cache: 'user', name: '7' })
        throw new Error('no')
      })
      .catch(() => undefined)
    await announce(one, replicate)
    await announce(one, cleared)

    await vi.waitFor(() => expect(heard).toEqual([replicate, cleared]))
  })

  it('end when the listener unsubscribes', async () => {
    const location = await locate()
    const [one, other] = [await openAt(location), await openAt(location)]
    const dropped: unknown[] = []
    const unsubscribe = other.invalidations.subscribe(what => dropped.push(what))
    const heard = heardBy(other)

    unsubscribe()
    await announce(one, replicate)

    await vi.waitFor(() => expect(heard).toEqual([replicate]))
    expect(dropped).toEqual([])
  })

  it('drop everything once after the connection was lost, then go on', async () => {
    const location = await locate()
    const [one, other] = [await openAt(location), await openAt(location)]
    const heard = heardBy(other)

    await server().stop()
    await vi.waitFor(() => expect(other.invalidations.isConnected).toBe(false))
    await server().start()
    await vi.waitFor(() => expect(heard).toEqual(['everything']), { timeout: 10_000 })
    await announce(one, replicate)

    await vi.waitFor(() => expect(heard).toEqual(['everything', replicate]))
  })

  it('are survived by reads and writes: both fail in a word while PostgreSQL is gone, and work when it is back', async () => {
    const database = await open()
    const read = (): Promise<unknown> => database.reads.selectFrom('secret_change').selectAll().execute()
    const write = (): Promise<void> =>
      database.write(async transaction => void (await transaction.selectFrom('secret_change').selectAll().execute()))
    await read()

    await server().stop()
    const failures = await Promise.all([read(), write()].map(answer => answer.catch((error: unknown) => error)))
    await server().start()

    expect(failures).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }])
    await expect(write()).resolves.toBeUndefined()
    await expect(read()).resolves.toEqual([])
  })
})
