import { randomInt } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { getProviderConfigCache, providerConfigKey, resetGlobalCaches } from '@st/ttl-cache'
import type { KyselyPlugin } from 'kysely'
import { beforeEach, expect, it, vi } from 'vitest'
import type { AuditEvent } from '../audit/audit-event.ts'
import { type AuditedTransaction, AuditedWrites } from '../audit/audited-writes.ts'
import type { Database } from '../database/database.ts'
import { followInvalidations } from '../follow-invalidations.ts'
import { describeDatabases } from '../testing/databases.ts'
import { type UserWorld, userWorld } from '../testing/user-world.ts'
import { ProviderConfigs } from './provider-configs.ts'

const actor = { name: 'test' }

beforeEach(() => resetGlobalCaches())

describeDatabases('provider configurations', ({ kind, locate, open, openAt }) => {
  interface World extends UserWorld {
    readonly configs: ProviderConfigs
    /** How many queries have read configurations. */
    readonly queries: () => number
  }

  async function world(): Promise<World> {
    const users = userWorld(await open())
    const select = vi.spyOn(users.database.reads, 'selectFrom')
    return { ...users, configs: new ProviderConfigs(users), queries: () => select.mock.calls.length }
  }

  it('are read from the database once in 300 seconds', async () => {
    const { configs, queries } = await world()

    for (let index = 0; index < 100; index += 1) await configs.get('replicate')

    expect(queries()).toBe(1)
    const { expiresInMs = 0, ageMs = 0 } = getProviderConfigCache().entry('provider:replicate:config') ?? {}
    expect(Math.abs(expiresInMs + ageMs - 300_000)).toBeLessThan(2)
  })

  it('are read from the database once by 1,000 who ask at the same time', async () => {
    const { configs, queries } = await world()

    const answers = await Promise.all(Array.from({ length: 1000 }, () => configs.get('replicate')))

    expect(queries()).toBe(1)
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toEqual({ provider: 'replicate', config: {}, version: 0 })
  })

  it('are new for everybody as soon as they are stored', async () => {
    const { configs, queries, pass } = await world()
    await configs.get('replicate')

    const saved = await configs.update('replicate', { update: { ssl_verify: false }, actor })
    pass(1)
    const read = await configs.get('replicate')
    await configs.update('replicate', { update: { org_id: 'o' }, expectedVersion: 1, actor })

    expect(saved).toEqual({ provider: 'replicate', config: { ssl_verify: false }, version: 1 })
    expect(read).toEqual(saved)
    expect(await configs.get('replicate')).toMatchObject({ config: { ssl_verify: false, org_id: 'o' }, version: 2 })
    expect(queries()).toBe(3)
  })

  it('are kept apart whatever their names hold', async () => {
    const { configs } = await world()
    const names = ['a', 'a:b', 'a:b:config', 'a%3Ab', 'A', 'ä', 'a/b', '%', '*']
    for (const [index, name] of names.entries()) {
      await configs.update(name, { update: { max_runtime_minutes: index + 1 }, actor })
    }
    for (const name of names) await configs.get(name)

    await configs.update('a', { update: { max_runtime_minutes: 100 }, actor })
    const kept = names.filter(name => getProviderConfigCache().has(providerConfigKey(name)))

    expect(kept).toEqual(names.slice(1))
    const values = await Promise.all(names.map(async name => (await configs.get(name)).config.max_runtime_minutes))
    expect(values).toEqual([100, 2, 3, 4, 5, 6, 7, 8, 9])
    const sorted = names.toSorted()
    expect(await configs.names({ limit: 100, after: '' })).toEqual(sorted)
    expect(await configs.names({ limit: 2, after: sorted[2] ?? '' })).toEqual(sorted.slice(3, 5))
  })

  it('cannot be changed by who reads them', async () => {
    const { configs } = await world()
    await configs.update('acme', { update: { hardware_info: { g: { cost_per_second: 1 } } }, actor })

    const { config } = await configs.get('acme')
    const change = (): void => {
      // A reader that does not mind the types.
      ;(config.hardware_info as Record<string, { cost_per_second: number }>)['g'] = { cost_per_second: 0 }
    }

    expect(change).toThrow(TypeError)
    expect((await configs.get('acme')).config).toEqual({ hardware_info: { g: { cost_per_second: 1 } } })
  })

  it('stay as they are, in the database and in the cache, when a change is refused', async () => {
    const { configs, queries, recorded } = await world()
    await configs.update('acme', { update: { cost_limit_amount: 1 }, actor })
    const before = await configs.get('acme')
    const asked = queries()

    const refusals = await Promise.allSettled([
      configs.update('acme', { update: { cost_limit_amount: 2, cost_limit_action: 'stop' }, actor }),
      configs.update('acme', { update: { cost_limit_amount: 2 }, expectedVersion: 0, actor }),
      configs.update('', { update: {}, actor }),
      configs.get('a\0b'),
    ])

    expect(refusals.map(answer => answer.status === 'rejected' && (answer.reason as { code: string }).code)).toEqual([
      'INVALID_COST_LIMIT',
      'STALE_VERSION',
      'INVALID_PROVIDER_NAME',
      'INVALID_PROVIDER_NAME',
    ])
    expect(await configs.get('acme')).toBe(before)
    expect(queries()).toBe(asked)
    expect((await recorded()).filter(event => event === 'provider.configured refused')).toHaveLength(3)
  })

  it('are changed by exactly one of 100 who read the same version', async () => {
    const { configs, recorded } = await world()

    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        configs.update('acme', { update: { max_runtime_minutes: index + 1 }, expectedVersion: 0, actor }),
      ),
    )

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await configs.get('acme')).version).toBe(1)
    expect((await recorded()).filter(event => event === 'provider.configured')).toHaveLength(1)
  })

  it('are in the audit log with what was changed, and without what may be a secret', async () => {
    const { configs, log } = await world()
    const secrets = {
      webhook_url: 'https://hooks.example.com/canary-1',
      proxy_url: 'http://me:canary-2@proxy',
      preferences: { token: 'canary-3' },
    }
    await configs.update('acme', { update: { ...secrets, ssl_verify: false, org_id: 'o' }, actor })
    await configs.update('acme', { update: { webhook_url: '', proxy_url: '', ssl_verify: true, org_id: 'o' }, actor })

    const { entries } = await log.page({ types: ['provider.configured'] }, { limit: 10 })

    expect(entries.map(({ details }) => details)).toEqual([
      { version: 2, changed: { webhook_url: 'cleared', proxy_url: 'cleared', ssl_verify: { from: false, to: true } } },
      {
        version: 1,
        changed: {
          webhook_url: 'set',
          proxy_url: 'set',
          preferences: 'set',
          ssl_verify: { from: null, to: false },
          org_id: { from: null, to: 'o' },
        },
      },
    ])
    expect(JSON.stringify(entries)).not.toContain('canary')
  })

  it(
    'never come back as they were before a write, in random orders of reads and writes',
    { timeout: 180_000 },
    async () => {
      const users = userWorld(await open())
      const slow = slowlyReading(users.database)
      const writes = new SlowWrites(users.database, users.log)
      const configs = new ProviderConfigs({ ...users, database: slow, writes })
      const trials = kind === 'sqlite' || process.env['ST_LONG_TESTS'] === '1' ? 1000 : 200
      const faults: string[] = []
      let stored = 0

      for (let trial = 0; trial < trials; trial += 1) {
        const read = async (): Promise<void> => {
          await ticks(randomInt(6))
          const atLeast = stored
          const { version } = await configs.get('acme')
          if (version < atLeast) faults.push(`trial ${trial}: ${version} was read after ${atLeast} was stored`)
        }
        const write = async (): Promise<void> => {
          await ticks(randomInt(6))
          const { version } = await configs.update('acme', { update: { max_runtime_minutes: trial + 1 }, actor })
          stored = Math.max(stored, version)
        }
        if (randomInt(2) === 0) getProviderConfigCache().clear()

        await Promise.all([read(), read(), write(), read(), ...(randomInt(3) === 0 ? [write()] : []), read()])
        const { version } = await configs.get('acme')
        if (version !== stored) faults.push(`trial ${trial}: ${version} is cached and ${stored} is stored`)
      }

      expect(faults).toEqual([])
      expect(stored).toBeGreaterThanOrEqual(trials)
    },
  )

  if (kind === 'sqlite') return

  it('are forgotten here when another instance has changed them', async () => {
    const location = await locate()
    const here = userWorld(await openAt(location))
    const configs = new ProviderConfigs(here)
    const stop = followInvalidations(here.database.invalidations)
    await configs.get('acme')
    await configs.get('other')
    await here.access.remember(7, 'access', async () => 'known')

    // As another instance does it, whose cache is not this one.
    const elsewhere = await openAt(location)
    await elsewhere.write(async transaction => {
      const row = { provider: 'acme', config: '{"org_id":"elsewhere"}', version: 1, updated_at: '' }
      await transaction.insertInto('provider_config').values(row).execute()
      await elsewhere.invalidations.announce(transaction, { cache: 'provider', name: 'acme' })
      await elsewhere.invalidations.announce(transaction, { cache: 'user', name: '7' })
    })
    await vi.waitFor(async () => expect((await configs.get('acme')).config).toEqual({ org_id: 'elsewhere' }))
    stop()

    expect(getProviderConfigCache().has('provider:other:config')).toBe(true)
    await vi.waitFor(async () => expect(await here.access.remember(7, 'access', async () => 'new')).toBe('new'))
  })
})

/** Others get their turn before a change is committed, and between that and what follows. */
class SlowWrites extends AuditedWrites {
  override async write<T>(attempt: AuditEvent, work: (audited: AuditedTransaction) => Promise<T>): Promise<T> {
    const written = await super.write(attempt, async audited => {
      const result = await work(audited)
      await ticks(randomInt(6))
      return result
    })
    await ticks(randomInt(3))
    return written
  }
}

/** A database whose answers take a random number of turns of the event loop to arrive. */
function slowlyReading(database: Database): Pick<Database, 'reads' | 'invalidations'> {
  const delaying: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await ticks(randomInt(8))
      return result
    },
  }
  return { reads: database.reads.withPlugin(delaying), invalidations: database.invalidations }
}

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await setImmediate()
}
