import { describe, expect, it } from 'vitest'
import { down } from '../__fixtures__/failures.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { batchProvider, documentProvider, keyedProvider, type SampleProvider } from '../__fixtures__/sample-provider.ts'

processWarnings()

/** A keyed provider that can list. */
function listingProvider(name: string, secrets: Record<string, string>): SampleProvider {
  const provider = keyedProvider(name, secrets)
  provider.listKeys = async function* listKeys() {
    provider.reads.push('list')
    if (provider.failure !== undefined) throw provider.failure
    yield* Object.keys(secrets)
  }
  return provider
}

describe('list', () => {
  it('gives what the providers hold and what the caller includes, reading each document once', async () => {
    const file = documentProvider('file', { B: '1', A: '2' })
    const manager = managerOf([keyedProvider('env', { A: 'env', HF_TOKEN: 'hf' }), file])

    const { keys, failed } = await manager.list({ include: ['HF_TOKEN', 'NOBODY'], fresh: true })

    expect(keys.map(({ key, status, source, shadowed }) => ({ key, status, source, shadowed }))).toEqual([
      { key: 'A', status: 'found', source: 'env', shadowed: [{ provider: 'file', sameValue: false }] },
      { key: 'B', status: 'found', source: 'file', shadowed: [] },
      { key: 'HF_TOKEN', status: 'found', source: 'env', shadowed: [] },
      { key: 'NOBODY', status: 'missing', source: undefined, shadowed: [] },
    ])
    expect([failed, file.reads]).toEqual([[], ['*']])
  })

  it('asks those that list their keys by name', async () => {
    const [vault, aws] = [listingProvider('vault', { V: '1', S: '1' }), listingProvider('aws', { S: '1' })]

    const { keys } = await managerOf([vault, aws]).list()

    expect(keys.map(({ key, source, shadowed }) => [key, source, shadowed.length])).toEqual([
      ['S', 'vault', 1],
      ['V', 'vault', 0],
    ])
  })

  it('begins with the prefix only, included keys too', async () => {
    const file = documentProvider('file', { DB_USER: '1', DB_PASSWORD: '1', OTHER: '1', db: '1' })

    const { keys } = await managerOf([file]).list({ prefix: 'DB_', include: ['DB_HOST', 'X'] })

    expect(keys.map(({ key }) => key)).toEqual(['DB_HOST', 'DB_PASSWORD', 'DB_USER'])
  })

  it('names keys that hold no string', async () => {
    const file = documentProvider('file', {})
    file.readDocument = async () => ({ values: new Map(), unusable: new Map([['A', 'array']]) })

    const { keys } = await managerOf([file]).list()

    expect(keys).toMatchObject([{ key: 'A', status: 'unresolved', steps: [{ outcome: 'failed', kind: 'invalid' }] }])
  })

  it('asks a source that is down once, names it, and calls no key missing on its word', async () => {
    const vault = documentProvider('vault', {})
    vault.failure = down({ hint: 'Start it.' })
    const lister = listingProvider('lister', {})
    lister.failure = down()
    const manager = managerOf([keyedProvider('env', { A: '1' }), vault, lister])

    const { keys, failed } = await manager.list({ include: ['A', 'B'] })

    expect(keys.map(({ key, status }) => [key, status])).toEqual([
      ['A', 'found'],
      ['B', 'unresolved'],
    ])
    expect(failed).toEqual([
      { provider: 'vault', kind: 'unavailable', message: 'no answer', hint: 'Start it.' },
      { provider: 'lister', kind: 'unavailable', message: 'no answer' },
    ])
    expect(vault.reads).toEqual(['*'])
  })

  it('leaves out providers that are not configured', async () => {
    const off = documentProvider('off', { A: '1' })
    off.available = false

    expect(await managerOf([off]).list()).toEqual({ keys: [], failed: [] })
  })

  it('leaves out keys that the provider which holds them is not asked for', async () => {
    const vault = documentProvider('vault', { APP_A: '1', OTHER: '1' })

    const { keys } = await managerOf([{ provider: vault, accepts: key => key.startsWith('APP_') }]).list()

    expect(keys.map(({ key }) => key)).toEqual(['APP_A'])
  })

  it('is content with documents that are kept, unless it is to be fresh', async () => {
    const file = documentProvider('file', { A: '1' })
    const manager = managerOf([file])
    await manager.get('A')

    await manager.list()
    const kept = file.reads.length
    await manager.list({ fresh: true })

    expect([kept, file.reads.length]).toEqual([1, 2])
  })

  it('asks for all keys with one call where the provider can', async () => {
    const aws = batchProvider('aws', { A: 'x' })

    const { keys } = await managerOf([documentProvider('file', { A: '1', B: '1', C: '1' }), aws]).list()

    expect(keys.map(({ shadowed }) => shadowed.length)).toEqual([1, 0, 0])
    expect(aws.reads).toEqual(['A,B,C'])
  })

  it('lists a thousand keys of several documents with one read each', async () => {
    const secrets = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`K${index}`, 'x']))
    const [file, vault] = [documentProvider('file', secrets), documentProvider('vault', secrets)]

    const { keys } = await managerOf([file, vault]).list()

    expect([keys.length, keys.every(({ shadowed }) => shadowed.length === 1)]).toEqual([1000, true])
    expect([file.reads.length, vault.reads.length]).toEqual([1, 1])
  })
})
