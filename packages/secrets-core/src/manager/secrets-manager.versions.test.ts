import { describe, expect, it } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { keyedProvider, type SampleProvider } from '../__fixtures__/sample-provider.ts'
import type { VersionLookup } from '../contract/provider-answer.ts'
import { diagnosticChannels } from './diagnostics.ts'
import { listenTo } from '../__fixtures__/listen-to.ts'

/** Values of a key by version id or stage. */
type Versions = Readonly<Record<string, string>>

const versions: Versions = { current: 'now', v2: 'now', previous: 'before', v1: 'before', pending: 'soon' }

function nameOf({ version, stage }: VersionLookup): string {
  return version ?? stage ?? 'current'
}

function versionedKeys(name: string, held: Versions = versions): SampleProvider {
  const provider = keyedProvider(name)
  return Object.assign(provider, {
    hasVersions: true,
    readSecret: async ({ key, ...lookup }: VersionLookup & { readonly key: string }) => {
      provider.reads.push(`${key} ${nameOf(lookup)}`)
      const value = held[nameOf(lookup)]
      return value === undefined ? undefined : { value, version: nameOf(lookup) }
    },
  } satisfies Partial<SampleProvider>)
}

function versionedDocument(name: string, held: Versions = versions): SampleProvider {
  const provider = keyedProvider(name)
  return Object.assign(provider, {
    hasVersions: true,
    readDocument: async (lookup: VersionLookup) => {
      provider.reads.push(nameOf(lookup))
      const value = held[nameOf(lookup)]
      return value === undefined ? undefined : { values: new Map([['A', value]]), version: nameOf(lookup) }
    },
  } satisfies Partial<SampleProvider>)
}

const makers = [
  ['a keyed provider', versionedKeys],
  ['a document', versionedDocument],
] as const

describe.each(makers)('a version of %s', (_, make) => {
  it('is asked for by id or stage', async () => {
    const manager = managerOf([make('aws')])

    const resolutions = await Promise.all([
      manager.resolve('A', { stage: 'previous' }),
      manager.resolve('A', { stage: 'pending' }),
      manager.resolve('A', { version: 'v1' }),
      manager.resolve('A', { stage: 'current' }),
      manager.resolve('A'),
    ])

    expect(resolutions.map(({ secret }) => [secret?.reveal(), secret?.version])).toEqual([
      ['before', 'previous'],
      ['soon', 'pending'],
      ['before', 'v1'],
      ['now', 'current'],
      ['now', 'current'],
    ])
  })

  it('never takes the place of the current one, nor the reverse', async () => {
    const manager = managerOf([make('aws')])

    const values = []
    for (const stage of ['previous', 'current', 'previous', 'pending', undefined] as const) {
      const { secret } = await manager.resolve('A', { stage })
      values.push(secret?.reveal())
    }

    expect([values, await manager.get('A')]).toEqual([['before', 'now', 'before', 'soon', 'now'], 'now'])
  })

  it('is kept for its own time, and forgotten with its key', async () => {
    using time = new FakeTime()
    const source = make('aws')
    const manager = managerOf([source])
    const previous = async (): Promise<number> => {
      await manager.resolve('A', { stage: 'previous' })
      return source.reads.filter(read => read.endsWith('previous')).length
    }

    const counts = [await previous(), await previous()]
    await time.pass(300)
    counts.push(await previous())
    manager.clearCache('A')
    counts.push(await previous())

    expect(counts).toEqual([1, 1, 2, 3])
  })

  it('is asked for anew by a fresh read', async () => {
    const source = make('aws')
    const manager = managerOf([source])

    await manager.resolve('A', { stage: 'previous' })
    await manager.resolve('A', { stage: 'previous', fresh: true })

    expect(source.reads.filter(read => read.endsWith('previous')).length).toBe(2)
  })

  it('that does not exist is missing', async () => {
    const { status, trace } = await managerOf([make('aws')]).resolve('A', { version: 'v9' })

    expect([status, trace.steps[0]?.outcome]).toEqual(['missing', 'missing'])
  })

  it('is asked only of the provider that has the current value', async () => {
    const [env, aws, vault] = [make('env', {}), make('aws', { current: 'now' }), make('vault')]
    const manager = managerOf([env, aws, vault])

    const { status, trace } = await manager.resolve('A', { stage: 'previous' })

    expect([status, vault.reads, env.reads.length]).toEqual(['missing', [], 1])
    expect(trace.steps).toMatchObject([
      { provider: 'env', outcome: 'skipped', detail: 'not_current' },
      { provider: 'aws', outcome: 'missing' },
      { provider: 'vault', outcome: 'skipped', detail: 'not_current' },
    ])
  })

  it('whose read outlasts the time of its caller is unresolved', async () => {
    using time = new FakeTime()
    const source = make('aws')
    const manager = managerOf([source])
    await manager.get('A')
    const never = async (): Promise<never> => new Promise(() => undefined)
    Object.assign(source, { readSecret: never, ...(source.readDocument && { readDocument: never }) })

    const resolving = manager.resolve('A', { stage: 'previous', timeoutMs: 50 })
    await time.pass(4)
    const { status, trace } = await resolving

    expect([status, trace.steps[0]?.kind, trace.steps[0]?.durationMs]).toEqual(['unresolved', 'timeout', 50])
  })

  it('goes to the redactor and onto the channel of reads as the current one does', async () => {
    const protectedValues: string[] = []
    using heard = listenTo(diagnosticChannels.resolve)
    const manager = managerOf([make('aws')], {
      redactor: { protect: (value, label) => void protectedValues.push(`${label}=${value}`) },
    })

    await manager.resolve('A', { stage: 'previous' })

    expect(protectedValues).toContain('A=before')
    expect(heard.messages.at(-1)).toMatchObject({ key: 'A', steps: [{ outcome: 'hit', version: 'previous' }] })
  })
})

describe('a version', () => {
  it('of a provider without versions is unresolved, never its current value', async () => {
    const manager = managerOf([keyedProvider('env', { A: 'now' })])

    const { status, trace } = await manager.resolve('A', { stage: 'previous' })

    expect([status, trace.steps[0]?.kind, trace.steps[0]?.attempts]).toEqual(['unresolved', 'unsupported', 0])
  })

  it('of a provider that has no read for versions is never its current value', async () => {
    const manager = managerOf([{ ...keyedProvider('wrong', { A: 'now' }), hasVersions: true }])

    const { secret } = await manager.resolve('A', { stage: 'previous' })

    expect(secret).toBeUndefined()
  })

  it('of a key that nobody has is missing, and of one that could not be looked up unresolved', async () => {
    const broken = versionedKeys('broken')
    broken.readSecret = async () => Promise.reject(down())

    const statuses = await Promise.all(
      [managerOf([keyedProvider('env')]), managerOf([broken])].map(
        async manager => (await manager.resolve('A', { version: 'v1' })).status,
      ),
    )

    expect(statuses).toEqual(['missing', 'unresolved'])
  })

  it('ends with the signal of its caller', async () => {
    const source = versionedKeys('aws')
    const manager = managerOf([source])
    await manager.get('A')
    source.readSecret = async () => new Promise(() => undefined)
    const controller = new AbortController()

    const reading = rejectionOf(manager.resolve('A', { version: 'v1', signal: controller.signal }))
    await new Promise(resolve => setImmediate(resolve))
    controller.abort('enough')

    expect(await reading).toBe('enough')
  })
})
