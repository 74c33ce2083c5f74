import { describe, expect, expectTypeOf, it } from 'vitest'
import { managerOf } from '../__fixtures__/managed.ts'
import { writableProvider } from '../__fixtures__/sample-provider.ts'
import type { SecretReader } from './secret-reader.ts'
import type { SecretValue } from './secret-value.ts'
import type { SecretsManager } from './secrets-manager.ts'

function sampleManager(): SecretsManager {
  return managerOf([writableProvider('file', { user: 'u', password: 'p' })])
}

describe('the type of what is read', () => {
  it('is a string where there is a fallback, and may be undefined without one', async () => {
    const manager = sampleManager()

    const values = [await manager.get('absent', ''), manager.getSync('absent', ''), await manager.require('user')]
    const doubtful = [await manager.get('absent'), await manager.get('absent', { fresh: true }), manager.getSync('z')]

    expectTypeOf(values).toEqualTypeOf<string[]>()
    expectTypeOf(doubtful).toEqualTypeOf<(string | undefined)[]>()
    expect([values, doubtful]).toEqual([
      ['', '', 'u'],
      [undefined, undefined, undefined],
    ])
  })

  it('has the keys that were asked for', async () => {
    const manager = sampleManager()

    const many = await manager.getMany(['user', 'absent'])
    const used = await manager.withSecret(['user', 'password'], values => values)

    expectTypeOf(many).toEqualTypeOf<{ readonly user: string | undefined; readonly absent: string | undefined }>()
    expectTypeOf(used).toEqualTypeOf<{ readonly user: string; readonly password: string }>()
    expect([many, used]).toEqual([
      { user: 'u', absent: undefined },
      { user: 'u', password: 'p' },
    ])
  })

  it('is what the callback of withSecret gives', async () => {
    const length = await sampleManager().withSecret('user', async value => value.length)

    expectTypeOf(length).toEqualTypeOf<number>()
    expect(length).toBe(1)
  })

  it('has a value only where the key was found', async () => {
    const resolution = await sampleManager().resolve('user')

    if (resolution.status === 'found') expectTypeOf(resolution.secret).toEqualTypeOf<SecretValue>()
    else expectTypeOf(resolution.secret).toEqualTypeOf<undefined>()
    expect(resolution.status).toBe('found')
  })

  it('begins with the current one among the accepted values', async () => {
    const [current, ...previous] = await sampleManager().acceptedValues('user')

    expectTypeOf(current).toEqualTypeOf<string>()
    expect([current, previous]).toEqual(['u', []])
  })
})

describe('SecretReader', () => {
  it('is what a manager is, and what an object literal in a test can be', async () => {
    const readers: readonly SecretReader[] = [sampleManager(), { get: async () => 'u', require: async () => 'u' }]

    expect(await Promise.all(readers.map(async reader => reader.require('user')))).toEqual(['u', 'u'])
  })
})
