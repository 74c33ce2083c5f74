import {
  type FakeVault,
  jsonAnswer,
  KeyValueEngine,
  loopbackCertificatePath,
  OtherEngine,
  refusal,
  startFakeVault,
  startScriptedServer,
  vaultRefusals,
  VersionedKeyValueEngine,
} from '@st/test-servers'
import { copyFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'

const preflight = '/v1/sys/internal/ui/mounts/secret/simpletuner'

function providerOf(vault: FakeVault, options: HashiCorpVaultProviderOptions = {}): HashiCorpVaultProvider {
  return new HashiCorpVaultProvider({ url: vault.url, token: vault.token, ...options })
}

function pathsOf({ requests }: { readonly requests: readonly { readonly path: string }[] }): readonly string[] {
  return requests.map(({ path }) => path)
}

/** Makes a Vault that does not say where its mounts are, as those before 0.10 and those that a proxy guards. */
function hidePreflight(vault: FakeVault, status: 403 | 404): void {
  const answer = status === 404 ? vaultRefusals.missing : refusal(403, 'preflight capability check returned 403')
  vault.break({ kind: 'answer', answer }, ({ path }) => path.startsWith('/v1/sys/internal/'))
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('HashiCorpVaultProvider', () => {
  describe('is configured by', () => {
    it('options, which win over the environment', async () => {
      await using vault = await startFakeVault({ token: 'option-token' })
      vault.mount('team/kv', new VersionedKeyValueEngine())
      vault.mount('team/kv', new VersionedKeyValueEngine(), 'ns')
      vault.put('team/kv', 'a/b', { A: '1' })
      vi.stubEnv('VAULT_ADDR', 'http://127.0.0.1:1')
      vi.stubEnv('VAULT_TOKEN', 'env-token')
      vi.stubEnv('SIMPLETUNER_VAULT_PATH', 'env-path')
      vi.stubEnv('SIMPLETUNER_VAULT_MOUNT', 'env-mount')
      const provider = providerOf(vault, { path: '/a/b/', mountPoint: 'team/kv/' })

      expect(await provider.getSecret('A')).toBe('1')
      expect(provider.describe()).toMatchObject({ url: vault.url, mountPoint: 'team/kv', path: 'a/b' })
    })

    it('the environment as it is at the time of the read', async () => {
      await using vault = await startFakeVault()
      vault.mount('kv', new KeyValueEngine())
      vault.put('kv', 'team/app', { A: '1' })
      const provider = new HashiCorpVaultProvider()

      const before = provider.isAvailable()
      vi.stubEnv('VAULT_ADDR', `${vault.url}/`)
      vi.stubEnv('VAULT_TOKEN', vault.token)
      vi.stubEnv('SIMPLETUNER_VAULT_PATH', 'team/app')
      vi.stubEnv('SIMPLETUNER_VAULT_MOUNT', 'kv')

      expect(before).toBe(false)
      expect(provider.isAvailable()).toBe(true)
      expect(await provider.getSecret('A')).toBe('1')
    })

    it('a token that changes in the environment, from the next read on', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })
      vi.stubEnv('VAULT_TOKEN', 'old-token')
      const provider = new HashiCorpVaultProvider({ url: vault.url })
      const refused = await failureOf(provider.getSecret('A'))

      vi.stubEnv('VAULT_TOKEN', vault.token)

      expect(refused.kind).toBe('unauthenticated')
      expect(await provider.getSecret('A')).toBe('1')
    })

    it('empty variables, which count as unset', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })
      for (const name of ['SIMPLETUNER_VAULT_PATH', 'SIMPLETUNER_VAULT_MOUNT', 'VAULT_NAMESPACE']) vi.stubEnv(name, '')

      expect(await providerOf(vault, { path: '' }).getSecret('A')).toBe('1')
    })

    it.each(['team1', 'team1/'])('the namespace %s, sent as a header', async namespace => {
      await using vault = await startFakeVault()
      vault.mount('secret', new VersionedKeyValueEngine(), 'team1')
      vi.stubEnv('VAULT_NAMESPACE', namespace)

      expect(await providerOf(vault).getSecret('A')).toBeUndefined()
      expect(vault.requests.map(({ headers }) => headers['x-vault-namespace'])).toEqual([namespace, namespace])
    })

    it('no variable that node-vault knows and this package does not document', async () => {
      await using vault = await startFakeVault()
      vi.stubEnv('VAULT_PREFIX', '/prefix')

      await providerOf(vault).getSecret('A')

      expect(pathsOf(vault)).toEqual([preflight, '/v1/secret/data/simpletuner'])
    })

    it.each([
      [{}, 'No Vault address is given.', 'Pass url or set VAULT_ADDR.'],
      [
        { url: 'http://127.0.0.1:1' },
        'No Vault token is given.',
        'Pass token or auth, or set VAULT_TOKEN or VAULT_TOKEN_FILE.',
      ],
    ])('%o alone: it is not available and says what to set', async (options, message, hint) => {
      const provider = new HashiCorpVaultProvider(options)

      const error = await failureOf(provider.getSecret('A'))

      expect(provider.isAvailable()).toBe(false)
      expect(error).toMatchObject({ kind: 'not_configured', provider: 'vault', message, hint })
      expect(provider.describe()).toEqual({})
    })

    it.each([
      ['url', 'ftp://vault'],
      ['url', 'canary'],
      ['url', 'https://user:canary@vault:8200'],
      ['url', 'https://vault:8200?token=canary'],
      ['token', 'canary\n'],
      ['token', 'can ary'],
      ['path', 'a/../canary'],
      ['path', '/'],
      ['mountPoint', 'a//canary'],
      ['namespace', 'canary\u0000'],
      ['namespace', 'canary-é'],
    ] as const)('no option %s of %j: a TypeError that does not repeat it', (option, value) => {
      const make = (): unknown => new HashiCorpVaultProvider({ [option]: value })

      expect(make).toThrow(TypeError)
      expect(make).toThrow(`Option ${option} `)
      expect(make).not.toThrow('canary')
    })

    it('no variable that cannot be used: a SecretError at the read that does not repeat it', async () => {
      vi.stubEnv('VAULT_TOKEN', 'canary\n')
      const provider = new HashiCorpVaultProvider({ url: 'http://127.0.0.1:1' })

      const error = await failureOf(provider.getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('VAULT_TOKEN') })
      expect(error.message).not.toContain('canary')
    })

    it('no kvVersion but 1, 2 and auto', () => {
      // What a caller without types may pass.
      const options = { kvVersion: 3 } as unknown as HashiCorpVaultProviderOptions

      expect(() => new HashiCorpVaultProvider(options)).toThrow("kvVersion must be 1, 2 or 'auto'.")
    })
  })

  describe('reads KV version 2', () => {
    it('after asking once which version the mount has', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { REPLICATE_API_TOKEN: 'r8', N: 5 })
      const provider = providerOf(vault)

      const values = [await provider.getSecret('REPLICATE_API_TOKEN'), await provider.getSecret('N')]

      expect(values).toEqual(['r8', '5'])
      expect(pathsOf(vault)).toEqual([preflight, '/v1/secret/data/simpletuner', '/v1/secret/data/simpletuner'])
    })

    it('with the token of the options alone, and marked as a request to Vault', async () => {
      await using vault = await startFakeVault()

      await providerOf(vault).getSecret('A')

      expect(vault.requests[1]?.headers).toMatchObject({ 'x-vault-token': vault.token, 'x-vault-request': 'true' })
    })

    it('into a document that says where and which version', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '0' })
      vault.put('secret', 'simpletuner', { A: '1', T: true, NOTHING: null, EMPTY: '', LIST: ['x'], NESTED: { a: 1 } })

      const document = await providerOf(vault).readDocument()

      expect(document).toMatchObject({ locator: 'secret/data/simpletuner', version: expect.stringMatching(/^2@20/) })
      expect(Object.fromEntries(document?.values ?? [])).toEqual({ A: '1', T: 'true', EMPTY: '' })
      expect(Object.fromEntries(document?.unusable ?? [])).toEqual({ LIST: 'array', NESTED: 'object' })
    })

    it('refusing a key that holds an array, without showing it', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { LIST: ['canary'] })

      const error = await failureOf(providerOf(vault).getSecret('LIST'))

      expect(error).toMatchObject({ kind: 'invalid', provider: 'vault', key: 'LIST' })
      expect(error.message).toBe('Key "LIST" of Vault path "secret/data/simpletuner" holds an array.')
    })

    it('giving the known document back while the version is the same', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })
      const provider = providerOf(vault)
      const known = await provider.readDocument()

      const unchanged = await provider.readDocument({ known })
      vault.put('secret', 'simpletuner', { A: '2' })
      const changed = await provider.readDocument({ known })

      expect(unchanged).toBe(known)
      expect(changed?.values.get('A')).toBe('2')
    })

    it('noticing a secret that was made anew, whose versions count from 1 again', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })
      const provider = providerOf(vault)
      const known = await provider.readDocument()
      vault.mount('secret', new VersionedKeyValueEngine())
      vault.put('secret', 'simpletuner', { A: 'anew' })

      const document = await provider.readDocument({ known })

      expect(document?.values.get('A')).toBe('anew')
    })

    it.each([
      ['deleted', 'DELETE /v1/secret/data/simpletuner'],
      ['destroyed', 'POST /v1/secret/destroy/simpletuner'],
    ])(
      'without values and with the reason where it is %s, and does not look at version 1',
      async (detail, operation) => {
        await using vault = await startFakeVault()
        vault.put('secret', 'simpletuner', { A: '1' })
        const [method = '', path = ''] = operation.split(' ')
        await fetch(vault.url + path, { method, headers: { 'x-vault-token': vault.token } })

        for (const kvVersion of [2, 'auto'] as const) {
          const provider = providerOf(vault, { kvVersion })
          expect(await provider.readDocument()).toEqual({
            values: new Map(),
            locator: 'secret/data/simpletuner',
            detail,
          })
          expect(await provider.getSecret('A')).toBeUndefined()
        }
        expect(pathsOf(vault)).not.toContain('/v1/secret/simpletuner')
      },
    )

    it.each(["o'neil", 'with space', 'a#b', 'a?b', '50%', '%2e%2e', 'ü✓', 'a/b'])('at the path %j', async path => {
      await using vault = await startFakeVault()
      vault.put('secret', path, { A: '1' })

      expect(await providerOf(vault, { path }).getSecret('A')).toBe('1')
    })
  })

  describe('reads KV version 1', () => {
    it('where the server says so, with every digit of a number', async () => {
      await using vault = await startFakeVault()
      vault.mount('kv1', new KeyValueEngine())
      const headers = { 'x-vault-token': vault.token }
      await fetch(`${vault.url}/v1/kv1/app`, { method: 'POST', headers, body: '{"BIG":12345678901234567890}' })

      const document = await providerOf(vault, { mountPoint: 'kv1', path: 'app' }).readDocument()

      expect(document?.values.get('BIG')).toBe('12345678901234567890')
      expect(document).toMatchObject({ locator: 'kv1/app' })
      expect(document?.version).toBeUndefined()
      expect(pathsOf(vault).slice(1)).toEqual(['/v1/sys/internal/ui/mounts/kv1/app', '/v1/kv1/app'])
    })

    it('where the mount was made without a version', async () => {
      await using vault = await startFakeVault()
      vault.mount('old', new KeyValueEngine({}))
      vault.put('old', 'app', { A: '1' })

      expect(await providerOf(vault, { mountPoint: 'old', path: 'app' }).getSecret('A')).toBe('1')
    })

    it('where a document looks exactly like one of version 2', async () => {
      await using vault = await startFakeVault()
      vault.mount('kv1', new KeyValueEngine())
      vault.put('kv1', 'data/app', { data: { A: 'lookalike' }, metadata: { version: 1, created_time: 'x' } })
      vault.put('kv1', 'app', { A: 'real' })

      expect(await providerOf(vault, { mountPoint: 'kv1', path: 'app' }).getSecret('A')).toBe('real')
    })
  })

  describe('finds the mount', () => {
    it('when mount and path are divided elsewhere than the server divides them', async () => {
      await using vault = await startFakeVault()
      vault.mount('team/a/kv', new VersionedKeyValueEngine())
      vault.put('team/a/kv', 'x/y', { A: '1' })

      expect(await providerOf(vault, { mountPoint: 'team', path: 'a/kv/x/y' }).getSecret('A')).toBe('1')
    })

    it('at no cost for a token with limited uses', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })
      vault.tokens.set('one-use', { uses: 1 })

      expect(await providerOf(vault, { token: 'one-use' }).getSecret('A')).toBe('1')
    })

    it('and names another engine that is mounted there', async () => {
      await using vault = await startFakeVault()
      vault.mount('transit', new OtherEngine('transit'))

      const error = await failureOf(providerOf(vault, { mountPoint: 'transit' }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('"transit", which') })
    })

    it('again after a failure, which is not kept', async () => {
      await using vault = await startFakeVault()
      vault.mount('kv1', new KeyValueEngine())
      vault.put('kv1', 'app', { A: '1' })
      vault.break({ kind: 'answer', answer: { status: 500 } }, ({ path }) => path.startsWith('/v1/sys/internal/'))
      const provider = providerOf(vault, { mountPoint: 'kv1', path: 'app' })

      const failure = await failureOf(provider.getSecret('A'))
      await vault.heal()

      expect(failure.kind).toBe('unavailable')
      expect(await provider.getSecret('A')).toBe('1')
      expect(pathsOf(vault)).not.toContain('/v1/kv1/data/app')
    })

    it.each([
      ['1', () => new VersionedKeyValueEngine(), () => new KeyValueEngine()],
      ['2', () => new KeyValueEngine(), () => new VersionedKeyValueEngine()],
    ])('at once after an engine of version %s was mounted in its place', async (_version, before, after) => {
      await using vault = await startFakeVault()
      vault.mount('secret', before())
      const provider = providerOf(vault)
      await provider.getSecret('A')
      vault.mount('secret', after())
      vault.put('secret', 'simpletuner', { A: '1' })

      expect(await provider.getSecret('A')).toBe('1')
    })

    it('anew after a refusal, as another engine has other paths', async () => {
      await using vault = await startFakeVault()
      vault.mount('secret', new KeyValueEngine())
      vault.put('secret', 'simpletuner', { A: '1' })
      vault.tokens.set('narrow', { read: ['secret/simpletuner'] })
      const provider = providerOf(vault, { token: 'narrow' })
      await provider.getSecret('A')
      vault.mount('secret', new VersionedKeyValueEngine())
      vault.put('secret', 'simpletuner', { A: '2' })
      vault.tokens.set('narrow', { read: ['secret/data/simpletuner'] })

      expect((await failureOf(provider.getSecret('A'))).kind).toBe('forbidden')
      expect(await provider.getSecret('A')).toBe('2')
    })

    it('not at all with an explicit version', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })

      expect(await providerOf(vault, { kvVersion: 2 }).getSecret('A')).toBe('1')
      expect(pathsOf(vault)).toEqual(['/v1/secret/data/simpletuner'])
    })

    it('not at all with version 1 on a mount of version 2: it says what to set', async () => {
      await using vault = await startFakeVault()
      vault.put('secret', 'simpletuner', { A: '1' })

      const error = await failureOf(providerOf(vault, { kvVersion: 1 }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', hint: "Set kvVersion to 2 or 'auto'." })
    })
  })

  describe.each([403, 404] as const)('where the server answers %i to the question for the mount', status => {
    it('reads version 2 and remembers it', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.put('secret', 'simpletuner', { A: '1' })
      const provider = providerOf(vault)

      expect([await provider.getSecret('A'), await provider.getSecret('A')]).toEqual(['1', '1'])
      expect(pathsOf(vault)).toEqual([preflight, '/v1/secret/data/simpletuner', '/v1/secret/data/simpletuner'])
    })

    it('reads version 1 after a 404 and remembers it', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.mount('secret', new KeyValueEngine())
      vault.put('secret', 'simpletuner', { A: '1' })
      const provider = providerOf(vault)

      expect([await provider.getSecret('A'), await provider.getSecret('A')]).toEqual(['1', '1'])
      expect(pathsOf(vault)).toEqual([
        preflight,
        '/v1/secret/data/simpletuner',
        '/v1/secret/simpletuner',
        '/v1/secret/simpletuner',
      ])
    })

    it('finds nothing in either version and remembers nothing', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      const provider = providerOf(vault)

      expect(await provider.getSecret('A')).toBeUndefined()
      vault.mount('secret', new KeyValueEngine())
      vault.put('secret', 'simpletuner', { A: '1' })
      expect(await provider.getSecret('A')).toBe('1')
    })

    it('finds nothing for a token that may read only below data/', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.tokens.set('narrow', { read: ['secret/data/simpletuner'] })

      expect(await providerOf(vault, { token: 'narrow' }).getSecret('A')).toBeUndefined()
    })

    it('ends at a deleted secret', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.put('secret', 'simpletuner', { A: '1' })
      const headers = { 'x-vault-token': vault.token }
      await fetch(`${vault.url}/v1/secret/data/simpletuner`, { method: 'DELETE', headers })

      expect(await providerOf(vault).getSecret('A')).toBeUndefined()
      expect(pathsOf(vault)).not.toContain('/v1/secret/simpletuner')
    })

    it.each([
      [403, '1 error occurred:\n\t* permission denied\n\n', 'forbidden'],
      [403, 'permission denied', 'unauthenticated'],
      [429, 'rate limit quota exceeded', 'throttled'],
      [500, 'internal error', 'unavailable'],
      [503, 'Vault is sealed', 'unavailable'],
      [404, 'no handler for route "secret/data/simpletuner". route entry not found.', 'not_configured'],
      [404, 'namespace not found', 'not_configured'],
    ])('never goes from %i %j to version 1', async (refused, text, kind) => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      const answer = refusal(refused, text)
      vault.break({ kind: 'answer', answer }, ({ path }) => path.startsWith('/v1/secret/data/'))

      expect(await failureOf(providerOf(vault).getSecret('A'))).toMatchObject({ kind, status: refused })
      expect(pathsOf(vault)).not.toContain('/v1/secret/simpletuner')
    })

    it('takes what looks like version 2 for version 1 when the bare path has a document', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.mount('secret', new KeyValueEngine())
      vault.put('secret', 'data/simpletuner', { data: { A: 'lookalike' }, metadata: { version: 1 } })
      vault.put('secret', 'simpletuner', { A: 'real' })

      expect(await providerOf(vault).getSecret('A')).toBe('real')
    })

    it('does not decide between the versions while the bare path fails', async () => {
      await using vault = await startFakeVault()
      hidePreflight(vault, status)
      vault.break({ kind: 'answer', answer: { status: 502 } }, ({ path }) => path === '/v1/secret/simpletuner')

      expect((await failureOf(providerOf(vault).getSecret('A'))).kind).toBe('unavailable')
    })
  })

  describe('answers what the reference was recorded with', () => {
    const v2 = { data: { data: { REPLICATE_API_TOKEN: 'r8v2', N: 5 }, metadata: { version: 3 } } }
    const v1 = { data: { REPLICATE_API_TOKEN: 'r8v1' } }
    const deleted = { data: { data: null, metadata: { deletion_time: '2026-01-01T00:00:00Z', version: 2 } } }
    const [data, bare] = ['/v1/secret/data/simpletuner', '/v1/secret/simpletuner']
    const cases = [
      ['KV v2', { [data]: [200, v2] }, { REPLICATE_API_TOKEN: 'r8v2', N: '5', NOPE: undefined }],
      ['falls back to KV v1 on 404', { [bare]: [200, v1] }, { REPLICATE_API_TOKEN: 'r8v1' }],
      [
        'deleted latest version (404 with metadata)',
        { [data]: [404, deleted], [bare]: [200, v1] },
        { REPLICATE_API_TOKEN: undefined },
      ],
      [
        'v2 answer with data null',
        { [data]: [200, { data: { data: null, metadata: {} } }] },
        { REPLICATE_API_TOKEN: undefined },
      ],
      [
        'v1 mount with a secret at data/simpletuner looks like an empty v2',
        { [data]: [200, { data: { X: 'v1value' } }], [bare]: [200, v1] },
        { REPLICATE_API_TOKEN: 'r8v1', X: undefined },
      ],
    ] as const satisfies readonly (readonly [string, object, object])[]

    it.each(cases)('%s', async (_name, routes: Readonly<Record<string, readonly [number, object]>>, expected) => {
      await using server = await startScriptedServer(({ path }) => {
        const [status, body] = routes[path] ?? [404, { errors: [] }]
        return jsonAnswer(status, body)
      })
      const provider = new HashiCorpVaultProvider({ url: server.url, token: 's.tok' })

      const keys = Object.keys(expected)
      const values = await Promise.all(keys.map(async key => [key, await provider.getSecret(key)]))

      expect(Object.fromEntries(values)).toEqual(expected)
    })

    it('200 with a document that is no object, as malformed', async () => {
      for (const body of [
        { data: { data: ['x'], metadata: { version: 1, created_time: 'x' } } },
        { data: 'x' },
        [],
        5,
      ]) {
        await using server = await startScriptedServer(({ path }) =>
          path === data ? jsonAnswer(200, body) : vaultRefusals.missing,
        )
        const provider = new HashiCorpVaultProvider({ url: server.url, token: 's.tok' })

        expect((await failureOf(provider.getSecret('A'))).kind).toBe('malformed')
      }
    })
  })

  describe('tells refusals apart', () => {
    it('a token that is not accepted', async () => {
      await using vault = await startFakeVault()

      const error = await failureOf(providerOf(vault, { token: 's.canary' }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'unauthenticated', provider: 'vault', status: 403 })
      expect(vault.requests).toHaveLength(1)
    })

    it('a token that newer servers call invalid', async () => {
      await using vault = await startFakeVault()
      const answer = refusal(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n')
      vault.break({ kind: 'answer', answer })

      expect((await failureOf(providerOf(vault).getSecret('A'))).kind).toBe('unauthenticated')
    })

    it('a policy, with the path that it must allow', async () => {
      await using vault = await startFakeVault()
      vault.tokens.set('denied', { read: [], denied: ['secret'] })

      const error = await failureOf(providerOf(vault, { token: 'denied' }).getSecret('A'))

      expect(error).toMatchObject({
        kind: 'forbidden',
        hint: 'Give the token a policy with "read" on "secret/data/simpletuner".',
      })
    })

    it('a rate limit, with the time to wait', async () => {
      await using vault = await startFakeVault()
      vault.break({ kind: 'answer', answer: { ...vaultRefusals.rateLimited, headers: { 'retry-after': '4' } } })

      expect(await failureOf(providerOf(vault).getSecret('A'))).toMatchObject({ kind: 'throttled', retryAfterMs: 4000 })
    })

    it('a sealed server', async () => {
      await using vault = await startFakeVault()
      vault.sealed = true

      const error = await failureOf(providerOf(vault).getSecret('A'))

      expect(error).toMatchObject({ kind: 'unavailable', detail: 'sealed', status: 503, transient: true })
    })

    it('a namespace that does not exist', async () => {
      await using vault = await startFakeVault()

      const error = await failureOf(providerOf(vault, { namespace: 'nope' }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', hint: 'Check namespace or VAULT_NAMESPACE.' })
    })

    it('a mount that does not exist', async () => {
      await using vault = await startFakeVault()

      const error = await failureOf(providerOf(vault, { mountPoint: 'nomount' }).getSecret('A'))

      expect(error).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('no engine is mounted') })
    })

    it.each([
      [200, 'malformed'],
      [202, 'malformed'],
      [204, 'malformed'],
      [400, 'not_configured'],
      [412, 'unavailable'],
      [502, 'unavailable'],
    ])('an answer with status %i and an empty object', async (status, kind) => {
      await using vault = await startFakeVault()
      vault.break({ kind: 'answer', answer: { status, body: status === 204 ? '' : '{}' } })

      expect((await failureOf(providerOf(vault).getSecret('A'))).kind).toBe(kind)
    })
  })

  describe('over TLS', () => {
    async function readWith(
      environment: Readonly<Record<string, string>>,
      host = '127.0.0.1',
    ): Promise<{ readonly outcome: unknown; readonly requests: number }> {
      await using vault = await startFakeVault({ tls: true })
      vault.put('secret', 'simpletuner', { A: '1' })
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
      // Node warns of NODE_TLS_REJECT_UNAUTHORIZED.
      vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
      const provider = new HashiCorpVaultProvider({
        url: vault.url.replace('127.0.0.1', host),
        token: vault.token,
      })

      const outcome: unknown = await provider.getSecret('A').catch((error: unknown) => error)

      await provider.close()
      return { outcome, requests: vault.requests.length }
    }

    it.each([
      {},
      { VAULT_SKIP_VERIFY: 'false' },
      { VAULT_SKIP_VERIFY: '0' },
      { VAULT_SKIP_VERIFY: 'yes' },
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    ])('refuses a certificate that nobody vouches for (%o)', async environment => {
      expect(await readWith(environment)).toMatchObject({
        outcome: { kind: 'insecure', detail: 'tls', transient: false },
        requests: 0,
      })
    })

    it('refuses a certificate that names another host', async () => {
      const read = await readWith({ VAULT_CACERT: loopbackCertificatePath }, 'localhost')

      expect(read).toMatchObject({ outcome: { kind: 'insecure' }, requests: 0 })
    })

    it.each(['true', '1'])('accepts any certificate with VAULT_SKIP_VERIFY=%s, and says so', async value => {
      expect(await readWith({ VAULT_SKIP_VERIFY: value })).toMatchObject({ outcome: '1' })
      const provider = new HashiCorpVaultProvider({ url: 'https://vault:8200', token: 't' })
      expect(provider.describe()).toMatchObject({ verifiesTls: false })
    })

    it('accepts the authority that VAULT_CACERT names', async () => {
      expect(await readWith({ VAULT_CACERT: loopbackCertificatePath })).toMatchObject({ outcome: '1' })
    })

    it('says when the file that VAULT_CACERT names cannot be read, and tries again', async () => {
      await using vault = await startFakeVault({ tls: true })
      vault.put('secret', 'simpletuner', { A: '1' })
      const path = join(homedir(), 'ca.pem')
      vi.stubEnv('VAULT_CACERT', path)
      const provider = providerOf(vault)

      const absent = await failureOf(provider.getSecret('A'))
      writeFileSync(path, 'no certificate')
      const unreadable = await failureOf(provider.getSecret('A'))
      copyFileSync(loopbackCertificatePath, path)

      for (const error of [absent, unreadable]) {
        expect(error).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('VAULT_CACERT') })
      }
      expect(await provider.getSecret('A')).toBe('1')
      await provider.close()
    })

    it('refuses a server that does not speak it', async () => {
      await using vault = await startFakeVault()
      const provider = new HashiCorpVaultProvider({ url: vault.url.replace('http:', 'https:'), token: 't' })

      expect((await failureOf(provider.getSecret('A'))).kind).toBe('insecure')
    })
  })

  describe('once closed', () => {
    it('refuses reads and has no open connection', async () => {
      await using vault = await startFakeVault()
      const provider = providerOf(vault)
      await provider.getSecret('A')
      const openBefore = vault.openConnections

      await provider.close()

      expect(openBefore).toBe(1)
      expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'closed', provider: 'vault' })
      await vi.waitFor(() => expect(vault.openConnections).toBe(0))
    })
  })

  it('shows neither token nor values when it is printed', async () => {
    await using vault = await startFakeVault({ token: 's.canary-token' })
    vault.put('secret', 'simpletuner', { A: 'canary-value' })
    const provider = providerOf(vault)
    await provider.getSecret('A')

    const printed = [inspect(provider, { depth: 20, showHidden: true }), JSON.stringify(provider)].join('\n')

    expect(printed).not.toContain('canary')
  })
})
