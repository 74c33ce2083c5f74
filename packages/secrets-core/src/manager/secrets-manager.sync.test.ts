import { describe, expect, it } from 'vitest'
import { denied, down, thrownBy } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { heldProvider } from '../__fixtures__/held-provider.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { keyedProvider, syncDocumentProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import { SecretUnresolvedError } from './resolution-error.ts'

const warnings = processWarnings()

describe('getSync', () => {
  it('answers from providers that need no waiting and from what is kept', async () => {
    const manager = managerOf([
      writableProvider('env', { A: 'env' }),
      syncDocumentProvider('file', { B: 'file' }),
      keyedProvider('aws', { C: 'aws' }),
    ])

    await manager.get('C')

    expect([manager.getSync('A'), manager.getSync('B'), manager.getSync('C')]).toEqual(['env', 'file', 'aws'])
  })

  it('says so when the answer is with a provider that needs waiting', () => {
    const manager = managerOf([writableProvider('env'), keyedProvider('aws', { A: 'aws' })])

    const error = thrownBy(() => manager.getSync('A', 'default'))

    expect(SecretUnresolvedError.isInstance(error) && error).toMatchObject({
      message: 'Secret "A" could not be looked up: aws answers only asynchronously.',
      key: 'A',
      trace: { status: 'unresolved', steps: [{ outcome: 'missing' }, { outcome: 'skipped', detail: 'async_only' }] },
    })
  })

  it('does not let a lower provider win over one that needs waiting', () => {
    const manager = managerOf([keyedProvider('aws', { A: 'aws' }), writableProvider('low', { A: 'low' })])

    expect(() => manager.getSync('A')).toThrow(SecretUnresolvedError)
  })

  it('goes on from a provider that needs waiting while its confirmed miss is kept', async () => {
    using time = new FakeTime()
    const manager = managerOf([keyedProvider('aws'), writableProvider('low', { A: 'low' })])
    await manager.get('A')

    await manager.setSecret('A', 'new')
    const value = manager.getSync('A')
    await time.pass(10)
    await manager.setSecret('A', 'newer')

    expect(value).toBe('new')
    expect(() => manager.getSync('A')).toThrow(SecretUnresolvedError)
  })

  it('gives the default for a missing key, and keeps the miss for 10 seconds', async () => {
    using time = new FakeTime()
    const source = writableProvider('env')
    const manager = managerOf([source])
    const first = [manager.getSync('A'), manager.getSync('A', 'default')]
    source.secrets['A'] = 'now'

    await time.passMs(9999)
    const kept = manager.getSync('A')
    await time.passMs(1)

    expect([first, kept, manager.getSync('A'), source.reads]).toEqual([
      [undefined, 'default'],
      undefined,
      'now',
      ['A', 'A'],
    ])
  })

  it('shares what is kept with get, in both directions', async () => {
    const [env, file] = [writableProvider('env', { A: '1' }), syncDocumentProvider('file', { B: '1' })]
    const manager = managerOf([env, file])

    const values = [manager.getSync('A'), await manager.get('A'), await manager.get('B'), manager.getSync('B')]

    expect([values, env.reads, file.reads]).toEqual([['1', '1', '1', '1'], ['A', 'B'], ['*']])
  })

  it('does not lengthen the life of what is kept', async () => {
    using time = new FakeTime()
    const source = writableProvider('env', { A: '1' })
    const manager = managerOf([source])
    manager.getSync('A')
    source.secrets['A'] = '2'

    await time.pass(200)
    manager.getSync('A')
    await time.pass(100)

    expect(manager.getSync('A')).toBe('2')
  })

  it('hands back the document that is known, and sees a change when its time is up', async () => {
    using time = new FakeTime()
    const source = syncDocumentProvider('file', { A: '1' })
    source.provenance = { ttl: 1 }
    const manager = managerOf([source])
    manager.getSync('A')
    source.secrets['A'] = '2'

    await time.pass(1)
    const value = manager.getSync('A')

    expect([value, source.reads, source.known.map(known => known?.values.get('A'))]).toEqual([
      '2',
      ['*', '*'],
      [undefined, '1'],
    ])
  })

  it('warns when a provider failed, and throws where the policy ends reads on errors', () => {
    const source = writableProvider('file')
    source.failure = down()

    const value = managerOf([source]).getSync('A', 'default')
    const error = thrownBy(() => managerOf([{ provider: source, policy: { onError: 'fail' } }]).getSync('A', 'default'))

    expect([value, SecretUnresolvedError.isInstance(error), warnings().length]).toEqual(['default', true, 1])
  })

  it('asks the next provider when one fails', () => {
    const source = writableProvider('file', { A: 'file' })
    source.failure = denied()
    const manager = managerOf([source, writableProvider('low', { A: 'low' })])

    expect(manager.getSync('A')).toBe('low')
  })

  it('leaves a read that is under way alone: it is answered, and asked for once', async () => {
    const source = heldProvider('aws')
    const manager = managerOf([source])

    const reading = manager.get('A')
    const error = thrownBy(() => manager.getSync('A'))
    const other = manager.get('A')
    source.calls[0]?.resolve('value')

    expect([SecretUnresolvedError.isInstance(error), await reading, await other]).toEqual([true, 'value', 'value'])
    expect([source.calls.length, manager.getSync('A')]).toEqual([1, 'value'])
  })

  it('leaves out providers that are not configured or do not accept the key', () => {
    const off = keyedProvider('off')
    off.available = false
    const manager = managerOf([
      off,
      { provider: keyedProvider('aws'), accepts: key => key.startsWith('AWS_') },
      writableProvider('env', { A: 'env' }),
    ])

    expect(manager.getSync('A')).toBe('env')
  })
})
