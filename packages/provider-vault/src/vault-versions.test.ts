import { type FakeVault, KeyValueEngine, startFakeVault } from '@st/test-servers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HashiCorpVaultProvider } from './vault-provider.ts'

let vault: FakeVault

beforeEach(async () => {
  vault = await startFakeVault()
  for (const value of ['one', 'two', 'three']) vault.put('secret', 'simpletuner', { A: value })
})

afterEach(async () => {
  await vault.close()
})

function provider(kvVersion: 1 | 2 | 'auto' = 'auto'): HashiCorpVaultProvider {
  return new HashiCorpVaultProvider({ url: vault.url, token: vault.token, kvVersion })
}

async function send(method: string, path: string, body?: object): Promise<void> {
  const headers = { 'x-vault-token': vault.token }
  const response = await fetch(`${vault.url}/v1/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  await response.arrayBuffer()
}

const dataPaths = (): readonly string[] =>
  vault.requests.map(({ path }) => path).filter(path => !path.includes('/sys/'))

describe('a version', () => {
  it.each([
    ['by number', { version: '1' }, 'one'],
    ['that is current', { stage: 'current' }, 'three'],
    ['before the current one', { stage: 'previous' }, 'two'],
    ['by number, whatever the stage', { version: '1', stage: 'previous' }, 'one'],
  ] as const)('is read %s', async (_title, lookup, value) => {
    const document = await provider().readDocument(lookup)

    expect(document?.values.get('A')).toBe(value)
    expect(document?.locator).toBe('secret/data/simpletuner')
  })

  it('is read by the id that a document has', async () => {
    const second = await provider().readDocument({ version: '2' })

    const again = await provider().readDocument({ version: second?.version })

    expect(second?.version).toMatch(/^2@20/)
    expect(again?.values.get('A')).toBe('two')
  })

  it('is not taken for another one with the same number, of a secret that was made anew', async () => {
    expect(await provider().readDocument({ version: '2@2020-01-01T00:00:00Z' })).toBeUndefined()
  })

  it.each(['99', '0', '-1', '1.0', 'abc', '', '1&list=true', '99999999999999999999'])(
    'that cannot be there (%j) is missing',
    async version => {
      expect(await provider().readDocument({ version })).toBeUndefined()
    },
  )

  it('that is no number is not asked for', async () => {
    await provider().readDocument({ version: 'abc' })
    await provider().readDocument({ stage: 'pending' })

    expect(vault.requests).toEqual([])
  })

  it('that is pending does not exist', async () => {
    expect(await provider().readDocument({ stage: 'pending' })).toBeUndefined()
  })

  it('that is deleted says so, and the others stay readable', async () => {
    await send('DELETE', 'secret/data/simpletuner')

    const [current, third, previous] = await Promise.all(
      [{}, { version: '3' }, { stage: 'previous' } as const].map(async lookup => provider().readDocument(lookup)),
    )

    expect([current?.detail, third?.detail]).toEqual(['deleted', 'deleted'])
    expect(previous?.values.get('A')).toBe('two')
  })

  it('that was deleted since says so to who asks by its id', async () => {
    const newest = await provider().readDocument()
    await send('DELETE', 'secret/data/simpletuner')

    expect(await provider().readDocument({ version: newest?.version })).toMatchObject({ detail: 'deleted' })
  })

  it('that was deleted and restored is not taken for the empty document that it was', async () => {
    const reader = provider()
    const before = await reader.readDocument()
    await send('DELETE', 'secret/data/simpletuner')
    const deleted = await reader.readDocument({ known: before })
    await send('POST', 'secret/undelete/simpletuner', { versions: [3] })

    const restored = await reader.readDocument({ known: deleted })

    expect(deleted?.values.size).toBe(0)
    expect(restored?.values.get('A')).toBe('three')
  })

  it('is not there before the first one', async () => {
    const reader = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, path: 'young' })
    vault.put('secret', 'young', { A: '1' })

    expect(await reader.readDocument({ stage: 'previous' })).toBeUndefined()
  })

  it('costs one request, and the previous one two', async () => {
    await provider(2).readDocument({ version: '1' })
    await provider(2).readDocument({ stage: 'previous' })

    expect(dataPaths()).toEqual([
      '/v1/secret/data/simpletuner?version=1',
      '/v1/secret/data/simpletuner',
      '/v1/secret/data/simpletuner?version=2',
    ])
  })

  it('is not there in KV 1, but the current one', async () => {
    vault.mount('secret', new KeyValueEngine())
    vault.put('secret', 'simpletuner', { A: '1' })

    const [current, previous, first] = await Promise.all(
      [{ stage: 'current' } as const, { stage: 'previous' } as const, { version: '1' }].map(async lookup =>
        provider().readDocument(lookup),
      ),
    )

    expect(current?.values.get('A')).toBe('1')
    expect([previous, first]).toEqual([undefined, undefined])
  })
})
