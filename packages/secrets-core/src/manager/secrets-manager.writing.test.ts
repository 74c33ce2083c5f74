import { describe, expect, it } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { listenTo } from '../__fixtures__/listen-to.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import { diagnosticChannels } from './diagnostics.ts'

processWarnings()

describe('setSecret', () => {
  it('stores in the first provider that can write, and leaves the priority as it is', async () => {
    const [env, file, second] = [
      keyedProvider('env', { A: 'env' }),
      writableProvider('file'),
      writableProvider('second'),
    ]
    const manager = managerOf([env, file, second])
    await manager.getMany(['A', 'B'])

    const stored = [await manager.setSecret('A', 'new'), await manager.setSecret('B', 'new')]

    expect(stored).toEqual([true, true])
    expect([await manager.get('A'), await manager.get('B')]).toEqual(['env', 'new'])
    expect([file.secrets, second.secrets]).toEqual([{ A: 'new', B: 'new' }, {}])
  })

  it('stores in the first provider that accepts the key, and deletes there', async () => {
    const [some, all] = [writableProvider('some', { B: '1' }), writableProvider('all')]
    const manager = managerOf([{ provider: some, accepts: key => key === 'A' }, all])

    await manager.setSecret('A', '1')
    await manager.setSecret('B', '2')
    const stored = [{ ...some.secrets }, { ...all.secrets }]
    await manager.deleteSecret('B')

    expect(stored).toEqual([{ A: '1', B: '1' }, { B: '2' }])
    expect([some.secrets, all.secrets]).toEqual([{ A: '1', B: '1' }, {}])
  })

  it('stores through a provider that is not configured yet, such as a file that does not exist', async () => {
    const file = writableProvider('file')
    file.available = false
    const manager = managerOf([file])
    await manager.get('A')

    await manager.setSecret('A', 'new')
    file.available = true

    expect(await manager.get('A')).toBe('new')
  })

  it('has a document read again, and none of its keys answered from the old one once it was', async () => {
    const file = { ...documentProvider('file', { A: '1', B: '1' }) }
    file.setSecret = async (key, value) => void (file.secrets[key] = value)
    const manager = managerOf([file])
    await manager.getMany(['A', 'B'])

    await manager.setSecret('A', '2')
    file.secrets['B'] = '2'

    expect([await manager.get('A'), await manager.get('B'), file.reads]).toEqual(['2', '2', ['*', '*']])
  })

  it('refuses when no provider can write, and changes no list', async () => {
    const providers = [keyedProvider('m0'), keyedProvider('m1')]
    const manager = managerOf(providers)

    await expect(manager.setSecret('K', 'v')).rejects.toMatchObject({
      kind: 'unsupported',
      key: 'K',
      message: 'No provider of this manager can store secrets; "K" was not stored.',
    })
    expect([manager.providers, await manager.deleteSecret('K')]).toEqual([providers, false])
  })

  it('writes to the provider that is named', async () => {
    const [first, second] = [writableProvider('file'), writableProvider('file')]

    await managerOf([first, second]).setSecret('A', '1', { provider: 'file-2' })

    expect([first.secrets, second.secrets]).toEqual([{}, { A: '1' }])
  })

  it.each(['aws', 'nobody'])('says so when the provider that is named cannot write: %s', async provider => {
    const manager = managerOf([keyedProvider('aws'), writableProvider('file')])

    await expect(manager.setSecret('K', 'v', { provider })).rejects.toThrow(
      `This manager has no provider "${provider}" that can store secrets; "K" was not stored.`,
    )
  })

  it.each([5, null, undefined, Buffer.from('A'), { value: 'A' }])('refuses %j, which is no string', async value => {
    const file = writableProvider('file')

    // Callers without types pass anything.
    const error = await rejectionOf(managerOf([file]).setSecret('A', value as unknown as string))

    expect([error, file.secrets]).toEqual([new TypeError('The value of "A" must be a string.'), {}])
  })

  it('passes on why the provider could not, and repeats nothing', async () => {
    const file = writableProvider('file')
    let writes = 0
    file.setSecret = async () => {
      writes += 1
      throw down({ provider: 'file', hint: 'Start it.' })
    }

    const error = await rejectionOf(managerOf([file], { policy: {} }).setSecret('A', 'v'))

    expect([error, writes]).toEqual([expect.objectContaining({ kind: 'unavailable', hint: 'Start it.' }), 1])
  })

  it('does not take for kept what it may have overwritten although it failed', async () => {
    const file = writableProvider('file', { A: 'old' })
    file.setSecret = async (key, value) => {
      file.secrets[key] = value
      throw down()
    }
    const manager = managerOf([file])
    await manager.get('A')

    await rejectionOf(manager.setSecret('A', 'new'))

    expect(await manager.get('A')).toBe('new')
  })

  it('goes through although the breaker of its provider is open', async () => {
    using time = new FakeTime()
    const file = writableProvider('file')
    file.failure = down()
    const manager = managerOf([file], { policy: { retry: false, breaker: { failures: 1 } } })
    await manager.get('A')
    file.failure = undefined

    await manager.setSecret('A', 'new')

    expect([manager.stats().providers[0]?.breaker, file.secrets['A'], time.timers]).toEqual(['open', 'new', 0])
  })

  it('stores the well-known token under its key', async () => {
    const file = writableProvider('file')

    await managerOf([file]).setReplicateToken('r8')

    expect(file.secrets).toEqual({ REPLICATE_API_TOKEN: 'r8' })
  })
})

describe('deleteSecret', () => {
  it('removes, and a lower provider answers afterwards', async () => {
    const manager = managerOf([writableProvider('file', { A: 'file' }), keyedProvider('vault', { A: 'vault' })])
    await manager.get('A')

    const deleted = await manager.deleteSecret('A')

    expect([deleted, await manager.get('A')]).toEqual([true, 'vault'])
  })

  it('removes from the provider that is named, and from none when that cannot', async () => {
    const [first, second] = [writableProvider('file', { A: '1' }), writableProvider('file', { A: '2' })]
    const manager = managerOf([keyedProvider('aws', { A: 'aws' }), first, second])

    const deleted = [
      await manager.deleteSecret('A', { provider: 'file-2' }),
      await manager.deleteSecret('A', { provider: 'aws' }),
    ]

    expect([deleted, first.secrets, second.secrets]).toEqual([[true, false], { A: '1' }, {}])
  })

  it('passes on why the provider could not', async () => {
    const file = writableProvider('file', { A: '1' })
    file.failure = down()

    await expect(managerOf([file]).deleteSecret('A')).rejects.toMatchObject({ kind: 'unavailable' })
  })
})

describe('a write and a read at once', () => {
  it.each(['setSecret', 'deleteSecret'] as const)('leave nothing kept from before %s had returned', async write => {
    const held = heldProvider('file')
    const file = { ...writableProvider('file', { A: 'old' }), getSecret: held.getSecret }
    const manager = managerOf([file])
    const writing = Promise.withResolvers<void>()
    file.setSecret = async () => writing.promise
    file.deleteSecret = async () => writing.promise.then(() => true)

    const written = write === 'setSecret' ? manager.setSecret('A', 'new') : manager.deleteSecret('A')
    const during = manager.get('A')
    writing.resolve()
    await written
    const after = manager.get('A')
    held.calls[0]?.resolve('old')
    held.calls[1]?.resolve('new')

    expect([await during, await after, await manager.get('A'), held.calls.length]).toEqual(['old', 'new', 'new', 2])
  })
})

describe('the event of a write', () => {
  it('names the key, the provider and what hides the value, and no value', async () => {
    using heard = listenTo(diagnosticChannels.set)
    const manager = managerOf([keyedProvider('env', { A: 'canary-31' }), writableProvider('file')])

    await manager.setSecret('A', 'canary-32')
    await manager.setSecret('B', 'canary-33')
    await manager.deleteSecret('A')
    await new Promise(resolve => setImmediate(resolve))

    expect(heard.messages).toEqual([
      { key: 'A', provider: 'file', action: 'set', hiddenBy: 'env' },
      { key: 'B', provider: 'file', action: 'set', hiddenBy: undefined },
      { key: 'A', provider: 'file', action: 'delete', hiddenBy: 'env' },
    ])
  })

  it('does not call a value hidden that only a lower provider holds too', async () => {
    using heard = listenTo(diagnosticChannels.set)
    const manager = managerOf([writableProvider('file'), keyedProvider('vault', { A: 'vault' })])

    await manager.setSecret('A', 'new')
    await manager.deleteSecret('A')
    await new Promise(resolve => setImmediate(resolve))

    expect(heard.messages).toMatchObject([{ hiddenBy: undefined }, { hiddenBy: undefined }])
  })

  it('is not published for a write that failed, nor for one to nobody', async () => {
    using heard = listenTo(diagnosticChannels.set)
    const file = writableProvider('file')
    file.failure = down()

    await rejectionOf(managerOf([file]).setSecret('A', 'v'))
    await managerOf([keyedProvider('env')]).deleteSecret('A')
    await new Promise(resolve => setImmediate(resolve))

    expect(heard.messages).toEqual([])
  })

  it('asks no other provider when nobody listens', async () => {
    const [env, file] = [keyedProvider('env'), writableProvider('file')]

    await managerOf([env, file]).setSecret('A', 'v')
    await new Promise(resolve => setImmediate(resolve))

    expect([env.reads, file.reads]).toEqual([[], []])
  })

  it('comes although a provider above fails', async () => {
    using heard = listenTo(diagnosticChannels.set)
    const broken = keyedProvider('broken')
    broken.failure = down()

    await managerOf([broken, writableProvider('file')]).setSecret('A', 'v')
    await new Promise(resolve => setImmediate(resolve))

    expect(heard.messages).toEqual([{ key: 'A', provider: 'file', action: 'set', hiddenBy: undefined }])
  })
})
