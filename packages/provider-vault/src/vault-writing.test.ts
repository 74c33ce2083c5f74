import { jsonAnswer, KeyValueEngine, refusal, vaultRefusals, VersionedKeyValueEngine } from '@st/test-servers'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { type OverruledVault, startOverruledVault } from './__fixtures__/overruled-vault.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const dataPath = '/v1/secret/data/simpletuner'

let vault: OverruledVault

beforeEach(async () => {
  vault = await startOverruledVault()
})

afterEach(async () => {
  await vault.close()
})

function writer(options: HashiCorpVaultProviderOptions = {}): Required<HashiCorpVaultProvider> {
  const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, writable: true, ...options })
  // `writable` gives it every method.
  return provider as Required<HashiCorpVaultProvider>
}

async function stored(path = 'secret/data/simpletuner'): Promise<string> {
  const response = await fetch(`${vault.url}/v1/${path}`, { headers: { 'x-vault-token': vault.token } })
  return response.text()
}

function writes(): readonly string[] {
  return vault.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
}

/** A server or a policy without patches. */
function refusePatches(answer = vaultRefusals.unsupportedOperation): void {
  vault.overrule(({ method }) => (method === 'PATCH' ? answer : undefined))
}

describe('without writable', () => {
  it.each([{}, { writable: false }])('there is nothing to write with (%o)', options => {
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, ...options })

    expect(['setSecret' in provider, 'deleteSecret' in provider]).toEqual([false, false])
  })
})

describe('setSecret in KV 2', () => {
  it('changes one key with one request, and leaves the others to the server', async () => {
    vault.put('secret', 'simpletuner', { A: '1', N: 5, O: { a: [1] } })

    await writer().setSecret('A', 'new')

    expect(JSON.parse(await stored()).data.data).toEqual({ A: 'new', N: 5, O: { a: [1] } })
    expect(writes()).toEqual([`PATCH ${dataPath}`])
    const patch = vault.requests.find(({ method }) => method === 'PATCH')
    expect(patch?.headers['content-type']).toBe('application/merge-patch+json')
    expect(patch?.body).toBe('{"data":{"A":"new"}}')
  })

  it('makes the secret when there is none', async () => {
    await writer().setSecret('A', '1')

    expect(JSON.parse(await stored()).data.data).toEqual({ A: '1' })
    const post = vault.requests.find(({ method }) => method === 'POST')
    expect(JSON.parse(post?.body ?? '')).toEqual({ data: { A: '1' }, options: { cas: 0 } })
  })

  it('makes a new version after a deleted one, without what that one held', async () => {
    vault.put('secret', 'simpletuner', { OLD: '1' })
    await fetch(vault.url + dataPath, { method: 'DELETE', headers: { 'x-vault-token': vault.token } })

    await writer().setSecret('A', '1')

    expect(JSON.parse(await stored()).data).toMatchObject({ data: { A: '1' }, metadata: { version: 2 } })
  })

  it.each([
    ['an old server', vaultRefusals.unsupportedOperation],
    ['a policy without "patch"', vaultRefusals.policy],
    ['a media type that is not known', refusal(415)],
  ])('stores the whole document where %s stands against it, as it was but for the key', async (_title, answer) => {
    vault.put('secret', 'simpletuner', { A: '1', N: 5, F: 1.5, T: true, Z: null, O: { a: [1] }, 'ü"✓': 'x' })
    refusePatches(answer)

    await writer().setSecret('A', 'new')

    expect(JSON.parse(await stored()).data.data).toEqual(
      JSON.parse('{"A":"new","N":5,"F":1.5,"T":true,"Z":null,"O":{"a":[1]},"ü\\"✓":"x"}'),
    )
    const post = vault.requests.find(({ method }) => method === 'POST')
    expect(JSON.parse(post?.body ?? '').options).toEqual({ cas: 1 })
  })

  it('gives the number of the version where the mount insists on it', async () => {
    const engine = new VersionedKeyValueEngine()
    vault.mount('secret', engine)
    vault.put('secret', 'simpletuner', { A: '1', B: '2' })
    engine.checkAndSet.add('simpletuner')

    await writer().setSecret('A', 'new')

    expect(JSON.parse(await stored()).data.data).toEqual({ A: 'new', B: '2' })
  })

  it('fails with conflict when somebody else was faster', async () => {
    vault.put('secret', 'simpletuner', { A: '1' })
    refusePatches()
    const answer = refusal(400, 'check-and-set parameter did not match the current version')
    vault.overrule(({ method }) => (method === 'POST' ? answer : undefined))

    const error = await failureOf(writer().setSecret('A', 'canary-value'))

    expect(error).toMatchObject({ kind: 'conflict', provider: 'vault', status: 400 })
    expect(error.message).toContain('was not written: it was changed by somebody else')
  })

  it('loses none of many writes at once in one process', async () => {
    refusePatches()
    const provider = writer()
    const keys = Array.from({ length: 20 }, (_, index) => `KEY_${index}`)

    await Promise.all(keys.map(async key => provider.setSecret(key, key)))

    expect(Object.keys(JSON.parse(await stored()).data.data)).toHaveLength(20)
  })

  it('goes on after a write that failed', async () => {
    vault.break({ kind: 'answer', answer: { status: 500 } })
    const provider = writer()
    const failed = await failureOf(provider.setSecret('A', '1'))
    await vault.heal()

    await provider.setSecret('A', '2')

    expect(failed.kind).toBe('unavailable')
    expect(await provider.getSecret('A')).toBe('2')
  })

  it.each(['__proto__', 'constructor', '', 'a/b', 'ü"✓\n'])('stores the key %j like any other', async key => {
    for (const patches of [true, false]) {
      if (!patches) refusePatches()
      await writer().setSecret(key, `value-${patches}`)

      expect(await writer().getSecret(key)).toBe(`value-${patches}`)
    }
    expect(({} as Record<string, unknown>)['value-true']).toBeUndefined()
  })

  it.each([
    ['a policy', vaultRefusals.policy, 'forbidden'],
    ['a sealed server', vaultRefusals.sealed, 'unavailable'],
    ['a rate limit', vaultRefusals.rateLimited, 'throttled'],
    ['a token that is not accepted', vaultRefusals.badToken, 'unauthenticated'],
    ['nonsense', { status: 200, headers: { 'content-type': 'text/html' }, body: 'canary' }, 'malformed'],
  ])('makes a typed error of %s, without the value', async (_title, answer, kind) => {
    vault.put('secret', 'simpletuner', { A: '1' })
    vault.break({ kind: 'answer', answer }, ({ path }) => path.startsWith('/v1/secret/'))

    const error = await failureOf(writer().setSecret('A', 'canary-value'))

    expect(error).toMatchObject({ kind, provider: 'vault' })
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack).not.toContain(
      'canary',
    )
  })

  it('says which capabilities it takes', async () => {
    vault.tokens.set('reader', { read: ['secret/data/simpletuner'] })
    vault.put('secret', 'simpletuner', { A: '1' })

    const error = await failureOf(writer({ token: 'reader' }).setSecret('A', '2'))

    expect(error).toMatchObject({
      kind: 'forbidden',
      message: 'Vault path "secret/data/simpletuner" was not written: Vault denies writing it.',
      hint: 'Give the token a policy with "read", "create", "update" and "patch" on "secret/data/simpletuner".',
    })
  })

  it('takes no value that is no string', async () => {
    // What a caller without types may pass.
    await expect(writer().setSecret('A', 5 as unknown as string)).rejects.toThrow(TypeError)
    expect(vault.requests).toEqual([])
  })

  it('never stores over what it could not read', async () => {
    vault.put('secret', 'simpletuner', { A: '1' })
    refusePatches()
    vault.break({ kind: 'half' }, ({ method, path }) => method === 'GET' && path === dataPath)

    const error = await failureOf(writer().setSecret('A', '2'))

    expect(error.kind).toBe('malformed')
    expect(writes()).toEqual([`PATCH ${dataPath}`])
  })

  it('does not guess the version of an engine that the server says nothing about', async () => {
    const answer = refusal(403, 'preflight capability check returned 403')
    vault.break({ kind: 'answer', answer }, ({ path }) => path.startsWith('/v1/sys/internal/'))

    const error = await failureOf(writer().setSecret('A', '1'))

    expect(error).toMatchObject({ kind: 'not_configured', hint: 'Set kvVersion to 1 or 2.' })
    expect(writes()).toEqual([])
  })
})

describe('deleteSecret in KV 2', () => {
  it('removes one key', async () => {
    vault.put('secret', 'simpletuner', { A: '1', B: '2' })

    const isRemoved = await writer().deleteSecret('A')

    expect(isRemoved).toBe(true)
    expect(JSON.parse(await stored()).data.data).toEqual({ B: '2' })
    expect(writes()).toEqual([`PATCH ${dataPath}`])
  })

  it('removes it from the whole document where patches are not to be had', async () => {
    vault.put('secret', 'simpletuner', { A: '1', B: '2' })
    refusePatches()

    expect(await writer().deleteSecret('A')).toBe(true)
    expect(JSON.parse(await stored()).data.data).toEqual({ B: '2' })
  })

  it('makes no new version for a key that is not there', async () => {
    vault.put('secret', 'simpletuner', { B: '2' })

    expect(await writer().deleteSecret('A')).toBe(true)
    expect(writes()).toEqual([])
  })

  it('says when there is no secret to remove it from', async () => {
    expect(await writer().deleteSecret('A')).toBe(false)
    expect(writes()).toEqual([])
  })
})

describe('in KV 1', () => {
  beforeEach(() => {
    vault.mount('secret', new KeyValueEngine())
  })

  it('stores a key beside the others, with every digit of a number', async () => {
    const headers = { 'x-vault-token': vault.token }
    const body = '{"BIG":12345678901234567890,"F":1.10,"O":{"a":[1]}}'
    await fetch(`${vault.url}/v1/secret/simpletuner`, { method: 'POST', headers, body })

    await writer().setSecret('A', '1')

    const post = vault.requests.at(-1)
    expect(post?.body).toBe('{"BIG":12345678901234567890,"F":1.10,"O":{"a":[1]},"A":"1"}')
    expect(await writer().getSecret('BIG')).toBe('12345678901234567890')
  })

  it('makes the secret with the first key, and removes it with the last', async () => {
    const provider = writer()

    await provider.setSecret('A', '1')
    await provider.setSecret('B', '2')
    const removed = [
      await provider.deleteSecret('A'),
      await provider.deleteSecret('B'),
      await provider.deleteSecret('B'),
    ]

    expect(removed).toEqual([true, true, false])
    expect(writes()).toEqual(['POST', 'POST', 'POST', 'DELETE'].map(method => `${method} /v1/secret/simpletuner`))
    expect(await provider.readDocument()).toBeUndefined()
  })

  it('never patches', async () => {
    vault.put('secret', 'simpletuner', { A: '1' })

    await writer({ kvVersion: 1 }).setSecret('A', '2')

    expect(writes()).toEqual(['POST /v1/secret/simpletuner'])
  })

  it('does not store into a document of another shape', async () => {
    vault.break({ kind: 'answer', answer: jsonAnswer(200, { data: ['canary'] }) }, ({ method, path }) => {
      return method === 'GET' && path === '/v1/secret/simpletuner'
    })

    const error = await failureOf(writer().setSecret('A', '2'))

    expect(error.kind).toBe('malformed')
    expect(writes()).toEqual([])
  })
})
