import { randomUUID } from 'node:crypto'
import { describeProviderContract } from '@st/provider-testkit'
import { describeWithPeer, requirePeer } from '@st/test-peers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { RealVault } from './__fixtures__/real-vault.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const peer = await requirePeer('vault')

describeWithPeer(describe, peer)('HashiCorpVaultProvider over a real Vault', found => {
  let vault: RealVault
  const providers: HashiCorpVaultProvider[] = []

  beforeAll(() => {
    vault = new RealVault(found())
  })

  afterAll(async () => {
    await Promise.all(providers.map(provider => provider.close()))
    await vault.clean()
  })

  function providerFor(options: HashiCorpVaultProviderOptions): HashiCorpVaultProvider {
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, path: 'app', ...options })
    providers.push(provider)
    return provider
  }

  /** `writable` gives it every method. */
  function writerFor(options: HashiCorpVaultProviderOptions): Required<HashiCorpVaultProvider> {
    return providerFor({ writable: true, ...options }) as Required<HashiCorpVaultProvider>
  }

  async function put(version: 1 | 2, mount: string, secrets: Readonly<Record<string, unknown>>): Promise<void> {
    const [path, body] = version === 2 ? [`${mount}/data/app`, { data: secrets }] : [`${mount}/app`, secrets]
    if (Object.keys(secrets).length > 0) await vault.call('POST', path, { body })
  }

  for (const version of [1, 2] as const) {
    describe(`KV ${version}`, () => {
      describeProviderContract(
        {
          holding: async secrets => {
            const mount = await vault.mountKeyValue(version)
            await put(version, mount, secrets)
            return providerFor({ mountPoint: mount })
          },
          ...(version === 2 && {
            rotated: async (previous: Readonly<Record<string, string>>, current: Readonly<Record<string, string>>) => {
              const mount = await vault.mountKeyValue(version)
              await put(version, mount, previous)
              await put(version, mount, current)
              return providerFor({ mountPoint: mount })
            },
          }),
          unavailable: () => providerFor({ url: 'http://127.0.0.1:1' }),
        },
        { describe, it },
      )

      it('stores, changes and removes keys', async () => {
        const writer = writerFor({ mountPoint: await vault.mountKeyValue(version) })

        const absent = await writer.deleteSecret('A')
        await writer.setSecret('A', '1')
        await writer.setSecret('B', 'ü"✓\n')
        await writer.setSecret('A', '2')
        const both = await writer.readDocument()
        const removed = [await writer.deleteSecret('A'), await writer.deleteSecret('A')]
        const one = await writer.readDocument()

        expect(absent).toBe(false)
        expect(Object.fromEntries(both?.values ?? [])).toEqual({ A: '2', B: 'ü"✓\n' })
        expect(removed).toEqual([true, true])
        expect(Object.fromEntries(one?.values ?? [])).toEqual({ B: 'ü"✓\n' })
      })

      it('leaves alone what else is stored', async () => {
        const mount = await vault.mountKeyValue(version)
        await put(version, mount, { N: 5, F: 1.5, T: true, O: { a: [1] } })

        await writerFor({ mountPoint: mount }).setSecret('A', '1')

        const path = version === 2 ? `${mount}/data/app` : `${mount}/app`
        const { data } = (await vault.call('GET', path)) as { data: Readonly<Record<string, unknown>> }
        expect(version === 2 ? data['data'] : data).toEqual({ N: 5, F: 1.5, T: true, O: { a: [1] }, A: '1' })
      })

      it('says what is there and whose token it is', async () => {
        const mount = await vault.mountKeyValue(version)
        await put(version, mount, { A: '1', B: '2' })
        const token = await vault.makeToken(`path "${mount}/*" { capabilities = ["read"] }`)

        const health = await providerFor({ mountPoint: mount, token }).checkHealth()

        const [server, secret, life] = health.findings.map(({ message }) => message)
        expect(health.status).toBe('ready')
        expect(server).toMatch(/^The server is unsealed and active\. Version: \S+\.$/)
        expect(secret).toContain(`of KV version ${version} is there. Keys: 2.`)
        expect(life).toMatch(
          /^The token expires in \d+ s; it is renewable, not an orphan\. Policies: default, st-test-/,
        )
      })
    })
  }

  describe('KV 2', () => {
    it('reads versions by number and stage, deleted and destroyed ones with their reason', async () => {
      const mount = await vault.mountKeyValue(2)
      for (const value of ['one', 'two', 'three']) await put(2, mount, { A: value })
      const provider = providerFor({ mountPoint: mount })
      await vault.call('POST', `${mount}/delete/app`, { body: { versions: [2] } })
      await vault.call('PUT', `${mount}/destroy/app`, { body: { versions: [1] } })

      const [current, previous, first, never] = await Promise.all(
        [{}, { stage: 'previous' } as const, { version: '1' }, { version: '99' }].map(async lookup =>
          provider.readDocument(lookup),
        ),
      )

      expect(current?.values.get('A')).toBe('three')
      expect([previous?.detail, first?.detail]).toEqual(['deleted', 'destroyed'])
      expect(never).toBeUndefined()
    })

    it('reads a deleted secret as missing, and stores into it anew', async () => {
      const mount = await vault.mountKeyValue(2)
      const writer = writerFor({ mountPoint: mount })
      await writer.setSecret('OLD', '1')
      await vault.call('DELETE', `${mount}/data/app`)

      const deleted = await writer.readDocument()
      const isRemoved = await writer.deleteSecret('OLD')
      await writer.setSecret('A', '1')

      expect(deleted).toMatchObject({ detail: 'deleted', values: new Map() })
      expect(isRemoved).toBe(false)
      expect(Object.fromEntries((await writer.readDocument())?.values ?? [])).toEqual({ A: '1' })
    })

    it('stores where the mount insists on check-and-set', async () => {
      const mount = await vault.mountKeyValue(2)
      await vault.call('POST', `${mount}/config`, { body: { cas_required: true } })
      const writer = writerFor({ mountPoint: mount })

      await writer.setSecret('A', '1')
      await writer.setSecret('B', '2')
      await writer.deleteSecret('A')

      expect(Object.fromEntries((await writer.readDocument())?.values ?? [])).toEqual({ B: '2' })
    })

    it('stores with a token that may not patch', async () => {
      const mount = await vault.mountKeyValue(2)
      await put(2, mount, { A: '1' })
      const capabilities = '["read", "create", "update"]'
      const token = await vault.makeToken(`path "${mount}/data/app" { capabilities = ${capabilities} }`)

      await writerFor({ mountPoint: mount, token }).setSecret('B', '2')

      expect(await providerFor({ mountPoint: mount }).getSecret('A')).toBe('1')
      expect(await providerFor({ mountPoint: mount }).getSecret('B')).toBe('2')
    })

    it('fails with conflict when somebody else is faster', async () => {
      const mount = await vault.mountKeyValue(2)
      await put(2, mount, { A: '1' })
      const token = await vault.makeToken(`path "${mount}/data/app" { capabilities = ["read", "create", "update"] }`)
      const keys = Array.from({ length: 10 }, (_, index) => `KEY_${index}`)

      const outcomes = await Promise.all(
        keys.map(async key =>
          writerFor({ mountPoint: mount, token })
            .setSecret(key, '1')
            .catch((error: unknown) => (error as { kind: string }).kind),
        ),
      )

      const { values = new Map() } = (await providerFor({ mountPoint: mount }).readDocument()) ?? {}
      const stored = keys.filter(key => values.has(key))
      expect(new Set(outcomes)).toEqual(new Set([undefined, 'conflict']))
      expect(stored).toHaveLength(outcomes.filter(outcome => outcome === undefined).length)
    })

    it('is forbidden, with the path, for a token whose policy does not let it read', async () => {
      const mount = await vault.mountKeyValue(2)
      const token = await vault.makeToken(`path "${mount}/metadata/*" { capabilities = ["read"] }`)

      expect(await failureOf(providerFor({ mountPoint: mount, token }).getSecret('A'))).toMatchObject({
        kind: 'forbidden',
        hint: `Give the token a policy with "read" on "${mount}/data/app".`,
      })
    })

    it('reads with a token of one use, and no more than once', async () => {
      const mount = await vault.mountKeyValue(2)
      await put(2, mount, { A: '1' })
      const token = await vault.makeToken(`path "${mount}/*" { capabilities = ["read"] }`, { num_uses: 1 })
      const provider = providerFor({ mountPoint: mount, token })

      expect(await provider.getSecret('A')).toBe('1')
      expect((await failureOf(provider.getSecret('A'))).kind).toBe('unauthenticated')
    })

    it('is throttled by a quota', async () => {
      const mount = await vault.mountKeyValue(2)
      await put(2, mount, { A: '1' })
      await vault.limitRate(mount)
      const provider = providerFor({ mountPoint: mount })

      const outcomes = await Promise.all(
        Array.from({ length: 5 }, async () =>
          provider.getSecret('A').catch((error: unknown) => (error as { kind: string }).kind),
        ),
      )

      expect(outcomes).toContain('throttled')
    })
  })

  describe('a namespace', () => {
    it('is read by header, and its absence is told apart from that of a secret', async context => {
      const namespace = await vault.makeNamespace()
      if (namespace === undefined) return context.skip('this server has no namespaces')
      const mountPoint = await vault.mountKeyValue(2, namespace)
      await vault.call('POST', `${mountPoint}/data/app`, { body: { data: { A: 'inside' } }, namespace })

      const inside = await providerFor({ mountPoint, namespace }).getSecret('A')
      const outside = await failureOf(providerFor({ mountPoint }).getSecret('A'))
      const nowhere = await failureOf(providerFor({ mountPoint, namespace: randomUUID() }).getSecret('A'))

      expect(inside).toBe('inside')
      expect(outside).toMatchObject({ kind: 'not_configured', hint: expect.stringContaining('mountPoint') })
      expect(nowhere).toMatchObject({ kind: 'not_configured', hint: 'Check namespace or VAULT_NAMESPACE.' })
      expect((await providerFor({ mountPoint, namespace }).checkHealth()).findings.map(({ id }) => id)).toContain(
        'vault.secret',
      )
    })
  })

  it('tells a refused token, a missing mount and other engines apart', async () => {
    const transit = `st-test/${randomUUID()}`
    await vault.mount(transit, { type: 'transit' })

    const errors = await Promise.all(
      [
        { token: 's.notatoken' },
        { mountPoint: randomUUID() },
        { mountPoint: 'cubbyhole' },
        { mountPoint: transit },
      ].map(async options => failureOf(providerFor(options).getSecret('A'))),
    )

    expect(errors.map(({ kind }) => kind)).toEqual([
      'unauthenticated',
      'not_configured',
      'not_configured',
      'not_configured',
    ])
    expect(errors.slice(2).map(({ message }) => /"(\w+)", which/.exec(message)?.[1])).toEqual(['cubbyhole', 'transit'])
  })

  it('finds an engine of another version that was mounted in the place of one', async () => {
    const mountPoint = await vault.mountKeyValue(2)
    await put(2, mountPoint, { A: 'two' })
    const provider = providerFor({ mountPoint })
    const before = await provider.getSecret('A')
    await vault.call('DELETE', `sys/mounts/${mountPoint}`)
    await vault.mount(mountPoint, { type: 'kv', options: { version: '1' } })
    await put(1, mountPoint, { A: 'one' })

    expect([before, await provider.getSecret('A')]).toEqual(['two', 'one'])
  })
})
