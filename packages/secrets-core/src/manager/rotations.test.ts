import { describe, expect, it } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, provenProvider, writableProvider } from '../__fixtures__/sample-provider.ts'

processWarnings()

describe('acceptedValues', () => {
  it('gives the current value, and the one before it for 600 seconds after the change was noticed', async () => {
    using time = new FakeTime()
    const source = writableProvider('file', { A: 'old' })
    const manager = managerOf([source])
    const atFirst = await manager.acceptedValues('A')
    await time.pass(100)

    await manager.setSecret('A', 'new')
    const afterChange = await manager.acceptedValues('A')
    await time.passMs(599_999)
    const last = await manager.acceptedValues('A')
    await time.passMs(1)

    expect([atFirst, afterChange, last, await manager.acceptedValues('A')]).toEqual([
      ['old'],
      ['new', 'old'],
      ['new', 'old'],
      ['new'],
    ])
  })

  it('takes the overlap of the caller', async () => {
    using time = new FakeTime()
    const manager = managerOf([writableProvider('file', { A: 'old' })])
    await manager.get('A')
    await manager.setSecret('A', 'new')
    await manager.get('A')
    await time.pass(20)

    const values = [
      await manager.acceptedValues('A', { overlap: 21 }),
      await manager.acceptedValues('A', { overlap: 20 }),
      await manager.acceptedValues('A', { overlap: 0 }),
      await manager.acceptedValues('A', { overlap: Infinity }),
    ]

    expect(values).toEqual([['new', 'old'], ['new'], ['new'], ['new', 'old']])
  })

  it('verifies a webhook through a rotation without a gap', async () => {
    using time = new FakeTime()
    const source = documentProvider('vault', { CLOUD_WEBHOOK_SECRET: 's0' })
    const manager = managerOf([source])
    const refused: string[] = []
    let signing = 's0'

    for (let minute = 0; minute < 60; minute += 1) {
      // The sender goes over to the new secret 5 minutes after it was stored: every value is known to us by then.
      if (minute % 20 === 5) source.secrets['CLOUD_WEBHOOK_SECRET'] = `s${minute}`
      if (minute % 20 === 11) signing = String(source.secrets['CLOUD_WEBHOOK_SECRET'])
      const accepted = await manager.acceptedValues('CLOUD_WEBHOOK_SECRET')
      if (!accepted.includes(signing)) refused.push(`${minute}: ${signing}`)
      await time.pass(60)
    }

    expect(refused).toEqual([])
  })

  it('knows only the last of several values before', async () => {
    const manager = managerOf([writableProvider('file', { A: '1' })])

    for (const value of ['2', '3']) {
      await manager.get('A')
      await manager.setSecret('A', value)
    }

    expect(await manager.acceptedValues('A')).toEqual(['3', '2'])
  })

  it('gives a value once that has come back', async () => {
    const manager = managerOf([writableProvider('file', { A: '1' })])
    await manager.get('A')
    await manager.setSecret('A', '2')
    await manager.get('A')
    await manager.setSecret('A', '1')

    expect(await manager.acceptedValues('A')).toEqual(['1', '2'])
  })

  it('does not accept what a gap in between lies behind: a key that was gone', async () => {
    const manager = managerOf([writableProvider('file', { A: '1' })])
    await manager.get('A')
    await manager.deleteSecret('A')
    await manager.get('A')
    await manager.setSecret('A', '2')

    expect(await manager.acceptedValues('A')).toEqual(['2'])
  })

  it('forgets what was before with clearCache', async () => {
    const manager = managerOf([writableProvider('file', { A: '1', B: '1' })])
    await manager.getMany(['A', 'B'])
    await manager.setSecret('A', '2')
    await manager.setSecret('B', '2')
    await manager.getMany(['A', 'B'])

    manager.clearCache('A')
    const afterOne = [await manager.acceptedValues('A'), await manager.acceptedValues('B')]
    manager.clearCache()

    expect([afterOne, await manager.acceptedValues('B')]).toEqual([[['2'], ['2', '1']], ['2']])
  })

  it('forgets what was before with clearCache of a key that somebody listens to, too', async () => {
    const manager = managerOf([writableProvider('file', { A: '1' })])
    using _ = manager.subscribe('A', () => undefined)
    await manager.get('A')
    await manager.setSecret('A', '2')
    await manager.get('A')

    manager.clearCache('A')

    expect(await manager.acceptedValues('A')).toEqual(['2'])
  })

  it('does not accept what was being read while the key was cleared', async () => {
    const source = heldProvider('vault')
    const manager = managerOf([source])
    const reading = manager.get('A')

    manager.clearCache('A')
    source.calls[0]?.resolve('1')
    await reading
    const accepting = manager.acceptedValues('A')
    source.calls[1]?.resolve('2')

    expect(await accepting).toEqual(['2'])
  })

  it('throws as require does', async () => {
    const broken = keyedProvider('broken')
    broken.failure = down()

    const errors = await Promise.all(
      [managerOf([keyedProvider('a')]), managerOf([broken])].map(async manager =>
        rejectionOf(manager.acceptedValues('A')),
      ),
    )

    expect(errors).toMatchObject([{ kind: 'missing' }, { kind: 'unresolved' }])
  })

  it('takes a stale value for no change', async () => {
    using time = new FakeTime()
    const source = keyedProvider('vault', { A: '1' })
    const manager = managerOf([source])
    await manager.get('A')
    await time.pass(300)

    source.failure = down()

    expect(await manager.acceptedValues('A')).toEqual(['1'])
  })

  it('takes a stale value for no change from that of a provider which has it no longer', async () => {
    using time = new FakeTime()
    const [file, vault] = [writableProvider('file'), keyedProvider('vault', { A: '1' })]
    const manager = managerOf([file, vault])
    const changes: string[] = []
    using _ = manager.subscribe('A', ({ current }) => changes.push(current?.reveal() ?? 'none'))
    await manager.get('A')
    await manager.setSecret('A', '2')
    await manager.get('A')
    await time.pass(300)

    vault.failure = down()
    await manager.deleteSecret('A')

    expect([await manager.acceptedValues('A'), changes]).toEqual([['1'], ['2']])
  })

  it('does not take a value of another version for a change', async () => {
    const source = provenProvider('aws', { A: 'now' })
    const manager = managerOf([
      Object.assign(source, {
        hasVersions: true,
        readSecret: async ({ stage }: { readonly stage?: string }) => ({ value: stage ?? 'now' }),
      }),
    ])
    await manager.get('A')

    await manager.resolve('A', { stage: 'previous' })

    expect(await manager.acceptedValues('A')).toEqual(['now'])
  })
})

describe('a rotation', () => {
  it('is not undone by a slow read that began before it', async () => {
    const calls: PromiseWithResolvers<string>[] = []
    const source = keyedProvider('vault')
    source.getSecret = async () => {
      const call = Promise.withResolvers<string>()
      calls.push(call)
      return call.promise
    }
    let nowMs = 0
    const manager = managerOf([source], { now: () => (nowMs += 1) })
    const changes: string[] = []
    using _ = manager.subscribe('A', ({ current }) => changes.push(current?.reveal() ?? 'none'))
    calls[0]?.resolve('1')
    await new Promise(resolve => setImmediate(resolve))

    const slow = manager.get('A', { fresh: true })
    manager.clearCache('A')
    const quick = manager.get('A', { fresh: true })
    calls.at(-1)?.resolve('2')
    await quick
    for (const call of calls) call.resolve('1')
    await slow

    expect([changes, await manager.get('A')]).toEqual([['2'], '2'])
  })
})
