import { inspect } from 'node:util'
import { KeyValueEngine, startFakeVault } from '@st/test-servers'
import nodeVault from 'node-vault'
import { describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import type { NodeVaultRequest, VaultClientLike } from './node-vault.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

/** What node-vault rejects with for an answer that is not 200. */
function refusal(statusCode: number, body: unknown): Error {
  return Object.assign(new Error('canary'), { response: { statusCode, body } })
}

function scripted(answer: (request: NodeVaultRequest) => unknown): VaultClientLike {
  return { request: async request => answer(request) }
}

describe('a client of the caller', () => {
  it('is used in place of one of our own: node-vault as it comes', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1', N: 5 })
    const client = nodeVault({ endpoint: vault.url, token: vault.token })
    const provider = new HashiCorpVaultProvider({ client, writable: true })

    await provider.setSecret?.('B', '2')

    expect(provider.isAvailable()).toBe(true)
    expect(Object.fromEntries((await provider.readDocument())?.values ?? [])).toEqual({ A: '1', B: '2', N: '5' })
    expect(await provider.readDocument({ stage: 'previous' })).toMatchObject({ version: expect.stringMatching(/^1@/) })
    expect((await provider.checkHealth()).status).toBe('degraded')
    await provider.close()
  })

  it('writes to KV 1, whose answers are empty', async () => {
    await using vault = await startFakeVault()
    vault.mount('secret', new KeyValueEngine())
    vault.put('secret', 'simpletuner', { A: '1', N: 1.5 })
    const client = nodeVault({ endpoint: vault.url, token: vault.token })
    const provider = new HashiCorpVaultProvider({ client, writable: true })

    await provider.setSecret?.('B', '2')

    expect(vault.requests.at(-1)?.body).toBe('{"A":"1","N":1.5,"B":"2"}')
  })

  it.each([
    [403, { errors: ['permission denied'] }, 'unauthenticated'],
    [403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] }, 'forbidden'],
    [503, { errors: ['Vault is sealed'] }, 'unavailable'],
    [429, { errors: [] }, 'throttled'],
    [502, '<html>canary</html>', 'unavailable'],
    [404, '<html>canary</html>', 'malformed'],
  ])('that rejects with status %i and %j: %s', async (status, body, kind) => {
    const client = scripted(() => {
      throw refusal(status, body)
    })

    const error = await failureOf(new HashiCorpVaultProvider({ client, kvVersion: 2 }).getSecret('A'))

    expect(error).toMatchObject({ kind, status })
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary')
  })

  it.each([['<html>canary</html>'], [''], [undefined], [5], [['canary']]])(
    'that resolves to %j, which is no answer of Vault: malformed',
    async body => {
      const provider = new HashiCorpVaultProvider({ client: scripted(() => body), kvVersion: 2 })

      expect((await failureOf(provider.getSecret('A'))).kind).toBe('malformed')
    },
  )

  it.each([new Error('canary'), 'canary', undefined, Object.assign(new Error('x'), { response: 'canary' })])(
    'that rejects with anything (%#): unavailable, and nothing of it shows',
    async reason => {
      const client = scripted(() => {
        throw reason
      })

      const error = await failureOf(new HashiCorpVaultProvider({ client }).getSecret('A'))

      expect(error.kind).toBe('unavailable')
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary')
    },
  )

  it('that never answers is given up when the signal aborts', async () => {
    const request = vi.fn<VaultClientLike['request']>(async () => new Promise(() => {}))
    const controller = new AbortController()
    const provider = new HashiCorpVaultProvider({ client: { request } })

    const read = failureOf(provider.getSecret('A', { signal: controller.signal }))
    await vi.waitFor(() => expect(request).toHaveBeenCalled())
    controller.abort()

    expect((await read).kind).toBe('timeout')
  })

  it.each(['url', 'token', 'auth', 'agent', 'tls'])('leaves no use for the option %s', option => {
    const value = { url: 'http://127.0.0.1:1', token: 't', auth: { method: 'cert' }, agent: {}, tls: {} }[option]
    // What a caller without types may pass.
    const options = { client: scripted(() => ({})), [option]: value } as object

    expect(() => new HashiCorpVaultProvider(options)).toThrow(TypeError)
  })

  it('is described without an address', () => {
    expect(new HashiCorpVaultProvider({ client: scripted(() => ({})), path: 'app' }).describe()).toEqual({
      mountPoint: 'secret',
      path: 'app',
      kvVersion: 'auto',
      isWritable: false,
    })
  })
})
