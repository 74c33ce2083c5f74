import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf, plainPolicy } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { documentProvider, keyedProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { getSecretsManager, setSecretsManager } from './default-manager.ts'
import { SecretsManager } from './secrets-manager.ts'

processWarnings()

describe('the constructor', () => {
  it('asks no provider anything', () => {
    const asked = vi.fn<() => never>()
    const provider: SecretProvider = {
      name: 'a',
      isAvailable: asked,
      getSecret: asked,
      getSecretSync: asked,
      readDocument: asked,
      readDocumentSync: asked,
      describe: asked,
      checkHealth: asked,
    }

    const manager = managerOf([provider])

    expect([asked.mock.calls, manager.providers]).toEqual([[], [provider]])
  })

  it('copies the list of providers, which nobody can change then', () => {
    const providers = [keyedProvider('a')]
    const manager = managerOf(providers)

    providers.push(keyedProvider('b'))

    expect(manager.providers).toHaveLength(1)
    expect(Object.isFrozen(manager.providers)).toBe(true)
  })

  it('takes providers or config, not both', () => {
    expect(() => new SecretsManager({ providers: [], config: {} })).toThrow('either "providers" or "config"')
  })

  it.each(['timeoutMs', 'maxEntries'])('refuses a %s that is no number above 0', name => {
    for (const value of [Number.NaN, 0, -1, Infinity, '5']) {
      expect(() => new SecretsManager({ providers: [], [name]: value })).toThrow(
        new RangeError(`"${name}" must be a number above 0.`),
      )
    }
  })

  it('refuses a policy that is out of its range, of the manager or of one provider', () => {
    const provider = keyedProvider('a')
    const policy = { timeoutMs: -1 }

    expect(() => new SecretsManager({ providers: [provider], policy })).toThrow(RangeError)
    expect(() => new SecretsManager({ providers: [{ provider, policy }] })).toThrow(RangeError)
  })

  it('takes undefined for not given', async () => {
    const manager = new SecretsManager({
      providers: [{ provider: keyedProvider('a', { A: '1' }), policy: undefined, accepts: undefined }],
      config: undefined,
      policy: undefined,
      timeoutMs: undefined,
      maxEntries: undefined,
      redactor: undefined,
      now: undefined,
    })

    expect(await manager.get('A')).toBe('1')
  })

  it('reads the clock that it is given', async () => {
    let nowMs = 0
    const source = keyedProvider('a', { A: '1' })
    const manager = new SecretsManager({ providers: [source], policy: plainPolicy, now: () => nowMs })
    await manager.get('A')

    nowMs = 299_999
    await manager.get('A')
    const before = source.reads.length
    nowMs = 300_000
    await manager.get('A')

    expect([before, source.reads.length]).toEqual([1, 2])
  })

  it('has the keys of the well-known secrets', () => {
    const { REPLICATE_API_TOKEN, HF_TOKEN, WEBHOOK_SECRET } = SecretsManager

    expect([REPLICATE_API_TOKEN, HF_TOKEN, WEBHOOK_SECRET]).toEqual([
      'REPLICATE_API_TOKEN',
      'HF_TOKEN',
      'CLOUD_WEBHOOK_SECRET',
    ])
  })
})

describe('getSecretsFilePath', () => {
  it('is the path of the first provider that has one', () => {
    const providers = [
      keyedProvider('env'),
      { ...keyedProvider('aws'), describe: () => ({ region: 'eu-west-1' }) },
      { ...keyedProvider('file'), describe: () => ({ filePath: 'first.json' }) },
      { ...keyedProvider('file'), describe: () => ({ filePath: 'second.json' }) },
    ]

    expect(managerOf(providers).getSecretsFilePath()).toBe('first.json')
  })

  it('is the default where no provider has one', () => {
    expect(managerOf([]).getSecretsFilePath()).toBe(join(homedir(), '.simpletuner', 'secrets.json'))
  })
})

describe('close', () => {
  it('closes the providers once, and refuses everything afterwards', async () => {
    const close = vi.fn<() => Promise<void>>(async () => undefined)
    const manager = managerOf([{ ...writableProvider('a', { A: '1' }), close }])
    await manager.get('A')
    manager.getSync('A')

    await manager.close()
    await manager[Symbol.asyncDispose]()
    const refusals = await Promise.all(
      [
        manager.get('A', 'default'),
        manager.require('A'),
        manager.getMany(['A']),
        manager.resolve('A'),
        manager.explain('A'),
        manager.list(),
        manager.load({ A: {} }),
        manager.withSecret('A', () => 1),
        manager.acceptedValues('A'),
        manager.setSecret('A', '2'),
        manager.deleteSecret('A'),
        manager.checkHealth(),
      ].map(rejectionOf),
    )

    expect(refusals).toEqual(refusals.map(() => expect.objectContaining({ code: 'ST_SECRETS_CLOSED' })))
    expect(() => manager.getSync('A')).toThrow('closed')
    expect(() => manager.subscribe('A', () => undefined)).toThrow('closed')
    expect(close).toHaveBeenCalledOnce()
  })

  it('is what `await using` does', async () => {
    const close = vi.fn<() => Promise<void>>(async () => undefined)

    {
      await using manager = managerOf([{ ...keyedProvider('a', { A: '1' }), close }])
      await manager.get('A')
    }

    expect(close).toHaveBeenCalledOnce()
  })

  it('is one close, however often it is called at once', async () => {
    const close = vi.fn<() => Promise<void>>(async () => undefined)
    const manager = managerOf([{ ...keyedProvider('a'), close }])

    await Promise.all([manager.close(), manager.close(), manager.close()])

    expect(close).toHaveBeenCalledOnce()
  })

  it('is done in time although a provider never is', async () => {
    using time = new FakeTime()
    const closed: string[] = []
    const manager = managerOf([
      { ...keyedProvider('hanging'), close: async () => new Promise(() => undefined) },
      { ...keyedProvider('good'), close: async () => void closed.push('good') },
    ])

    const closing = manager.close().then(() => closed.push('manager'))
    await time.passMs(7999)
    const before = [...closed]
    await time.passMs(1)
    await closing

    expect([before, closed, time.timers]).toEqual([['good'], ['good', 'manager'], 0])
  })

  it('lets reads that are under way end, and keeps nothing of them', async () => {
    const source = heldProvider('a')
    const manager = managerOf([source])

    const reading = manager.get('A')
    const closing = manager.close()
    source.calls[0]?.resolve('value')
    await closing

    expect([await reading, manager.stats().size]).toEqual(['value', 0])
    await expect(manager.get('A')).rejects.toMatchObject({ kind: 'closed' })
  })

  it('does not disturb reads whose provider fails because it was closed', async () => {
    const source = heldProvider('a')
    const manager = managerOf([{ ...source, close: async () => source.calls[0]?.reject(down()) }])

    const reading = manager.get('A', 'default')
    await manager.close()

    expect(await reading).toBe('default')
  })

  it('leaves what only looks at the manager working', async () => {
    const manager = managerOf([{ ...keyedProvider('file'), describe: () => ({ filePath: 'a.json' }) }])

    await manager.close()

    expect([manager.providers.length, manager.getSecretsFilePath(), manager.clearCache()]).toEqual([1, 'a.json', 0])
    expect(manager.stats()).toMatchObject({ size: 0 })
  })
})

describe('stats', () => {
  it('counts reads that were answered from what is kept and those that were not', async () => {
    const manager = managerOf([writableProvider('a', { A: '1', B: '1', C: '1' })])

    await manager.get('A') // miss
    await manager.get('A')
    await manager.require('A')
    await manager.resolve('A')
    manager.getSync('A')
    await manager.getMany(['A', 'B']) // B: miss
    await manager.get('A', { fresh: true }) // miss
    manager.getSync('C') // miss
    manager.getSync('C')

    expect(manager.stats()).toMatchObject({ size: 3, hits: 6, misses: 4, staleServed: 0 })
  })

  it('counts a kept miss as answered from what is kept, once', async () => {
    const manager = managerOf([writableProvider('a')])

    await manager.get('A') // miss
    await manager.get('A')
    await manager.get('A', 'default')
    await manager.resolve('A')
    manager.getSync('A')

    expect(manager.stats()).toMatchObject({ size: 1, hits: 4, misses: 1 })
  })

  it('counts the calls of each provider under its name in the chain', async () => {
    const [first, second] = [documentProvider('file', { A: '1' }), keyedProvider('file')]
    second.failure = down()
    const manager = managerOf([first, second])

    await manager.getMany(['A', 'B', 'C'])

    expect(manager.stats().providers).toEqual([
      { provider: 'file', calls: 1, failures: 0, retries: 0, breaker: 'off' },
      { provider: 'file-2', calls: 2, failures: 2, retries: 0, breaker: 'off' },
    ])
  })

  it('gives numbers of that moment', async () => {
    const manager = managerOf([keyedProvider('a', { A: '1' })])
    const before = manager.stats()

    await manager.get('A')

    expect([before.misses, manager.stats().misses]).toEqual([0, 1])
  })
})

describe('the redactor', () => {
  it('is told every value before it is handed out, with its key', async () => {
    const told: string[] = []
    const redactor = { protect: (value: string, label: string) => void told.push(`${label}=${value}`) }
    const source = { ...documentProvider('vault', { A: '1', B: '2', C: '3' }) }
    const manager = managerOf([writableProvider('env', { D: '4' }), source], { redactor })

    await manager.get('A')
    manager.getSync('D')
    await manager.getMany(['A', 'B'])
    await manager.load({ C: {} })
    source.secrets['A'] = 'new'
    await manager.get('A', { fresh: true })

    expect(told).toEqual(['A=1', 'D=4', 'B=2', 'C=3', 'A=new'])
  })

  it('is told the values of withSecret, of subscriptions and of what stands in for a failure', async () => {
    using time = new FakeTime()
    const told = new Set<string>()
    const source = keyedProvider('vault', { A: '1', B: '1' })
    const manager = managerOf([source], { redactor: { protect: value => void told.add(value) } })

    await manager.withSecret(['A', 'B'], () => undefined)
    using _ = manager.subscribe('A', () => undefined)
    source.secrets['A'] = 'rotated'
    await time.pass(301)

    expect([...told]).toEqual(['1', 'rotated'])
  })

  it('is told what a provider has protected, under its name', () => {
    const told: string[] = []
    const redactor = { protect: (value: string, label: string) => void told.push(`${label}=${value}`) }
    const provider: SecretProvider = { ...keyedProvider('vault'), attach: host => host.protect('hvs.token') }

    managerOf([keyedProvider('vault'), provider], { redactor })

    expect(told).toEqual(['vault-2=hvs.token'])
  })

  it('is not told of values that are not handed out', async () => {
    const told: string[] = []
    const redactor = { protect: (value: string) => void told.push(value) }
    const manager = managerOf([documentProvider('vault', { A: '1', B: '2' })], { redactor })

    await manager.list()
    await manager.explain('A')

    expect(told).toEqual([])
  })
})

describe('the process-wide manager', () => {
  afterEach(async () => {
    await SecretsManager.reset()
  })

  it('is made on the first call and stays the same', () => {
    expect(getSecretsManager()).toBeInstanceOf(SecretsManager)
    expect(getSecretsManager()).toBe(getSecretsManager())
  })

  it('is not the one that somebody makes', () => {
    const mine = managerOf([])

    expect(getSecretsManager()).not.toBe(mine)
  })

  it('is the one that was set, and the one before it is left to the caller', async () => {
    const [first, second] = [
      managerOf([keyedProvider('a', { A: 'first' })]),
      managerOf([keyedProvider('a', { A: '2nd' })]),
    ]

    const before = [setSecretsManager(first), setSecretsManager(second)]

    expect(before).toEqual([undefined, first])
    expect([await getSecretsManager().get('A'), await first.get('A')]).toEqual(['2nd', 'first'])
  })

  it('is forgotten at once by reset, and closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const mine = managerOf([{ ...keyedProvider('a'), close: async () => promise }])
    setSecretsManager(mine)

    const resetting = SecretsManager.reset()
    const isOther = getSecretsManager() !== mine
    resolve()
    await resetting

    expect(isOther).toBe(true)
    await expect(mine.get('A')).rejects.toMatchObject({ kind: 'closed' })
  })

  it('may be reset when there is none', async () => {
    await expect(Promise.all([SecretsManager.reset(), SecretsManager.reset()])).resolves.toEqual([undefined, undefined])
  })
})
