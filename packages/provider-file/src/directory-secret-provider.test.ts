import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { conformanceCases } from '@st/provider-testkit'
import type { ProviderSource } from '@st/provider-testkit'
import { describe, expect, it } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { printed } from './__fixtures__/printed.ts'
import { isFileName } from './contained-file.ts'
import { DirectorySecretProvider } from './directory-secret-provider.ts'
import type { DirectorySecretProviderOptions } from './directory-secret-provider.ts'

const isRoot = process.geteuid?.() === 0
const canary = 'directory-canary-77c1'

function mount(secrets: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const directory = join(homedir(), 'secrets')
  mkdirSync(directory, { recursive: true })
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(directory, name), value)
  return directory
}

function providerOver(
  secrets: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<DirectorySecretProviderOptions> = {},
): DirectorySecretProvider {
  return new DirectorySecretProvider({ directory: mount(secrets), ...options })
}

/** As whoever mounts secrets does: a file for each, with a line break at its end. */
const holding: ProviderSource = secrets =>
  providerOver(
    Object.fromEntries(
      Object.entries(secrets)
        .filter(([key]) => isFileName(key))
        .map(([key, value]) => [key, `${value}\n`]),
    ),
  )

async function listed(provider: DirectorySecretProvider): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of provider.listKeys()) keys.push(key)
  return keys.toSorted()
}

describe('DirectorySecretProvider', () => {
  const harness = {
    holding,
    faulty: {
      forbidden: (secrets: Readonly<Record<string, string>>) => {
        chmodSync(homedir(), 0o755)
        const provider = providerOver(secrets)
        for (const key of Object.keys(secrets)) chmodSync(join(homedir(), 'secrets', key), 0o000)
        return {
          name: provider.name,
          isAvailable: () => provider.isAvailable(),
          getSecret: (key: string) => asUnprivileged(() => provider.getSecret(key)),
        }
      },
      malformed: (secrets: Readonly<Record<string, string>>) =>
        providerOver(Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, `${value}\0`]))),
      huge_body: (secrets: Readonly<Record<string, string>>) => providerOver(secrets, { maxBytes: 5 }),
    },
  }
  // Not every key can be the name of a file.
  const beyondFiles = 'finds unusual keys and confuses none with another'

  it.each(conformanceCases(harness).filter(({ title }) => title !== beyondFiles))('$title', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })

  it('finds unusual keys that can be names of files', async () => {
    const keys = ['__proto__', 'with.dot', 'with space', 'with\nnewline', '~', 'null', '密钥', '🔑', 'k'.repeat(255)]
    const provider = providerOver(Object.fromEntries(keys.map(key => [key, `value of ${key}`])))

    const values = await Promise.all(keys.map(key => provider.getSecret(key)))

    expect(values).toEqual(keys.map(key => `value of ${key}`))
    expect(await listed(provider)).toEqual(keys.toSorted())
  })

  it.each(['.hidden', '..data', '../secrets/KEY', 'sub/KEY', '/etc/passwd', '.', '..', '', 'a\0b', 'x'.repeat(300)])(
    'has no key %j, whatever is there',
    async key => {
      const directory = mount({ KEY: canary, '.hidden': canary })
      mkdirSync(join(directory, 'sub'))
      mkdirSync(join(directory, '..data'))
      writeFileSync(join(directory, 'sub', 'KEY'), canary)
      const provider = new DirectorySecretProvider({ directory })

      expect(await provider.getSecret(key)).toBeUndefined()
      expect(provider.getSecretSync(key)).toBeUndefined()
    },
  )

  it('reads a volume of Kubernetes through its links, and lists its keys once', async () => {
    const directory = mount()
    mkdirSync(join(directory, '..2026_11_22'))
    writeFileSync(join(directory, '..2026_11_22', 'tls.key'), 'value\n')
    symlinkSync('..2026_11_22', join(directory, '..data'))
    symlinkSync('..data/tls.key', join(directory, 'tls.key'))
    const provider = new DirectorySecretProvider({ directory })

    expect(await provider.readSecret({ key: 'tls.key' })).toEqual({
      value: 'value',
      locator: join(directory, 'tls.key'),
      ttl: 1,
    })
    expect(provider.getSecretSync('tls.key')).toBe('value')
    expect(await listed(provider)).toEqual(['tls.key'])
  })

  it('lists files and links to files, and nothing else', async () => {
    const directory = mount({ A: '1', '.hidden': '2' })
    mkdirSync(join(directory, 'sub'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    symlinkSync('A', join(directory, 'B'))
    symlinkSync('sub', join(directory, 'C'))
    symlinkSync('nothing', join(directory, 'D'))

    expect(await listed(new DirectorySecretProvider({ directory }))).toEqual(['A', 'B'])
  })

  it('finds files that are mounted later, and values that change', async () => {
    const provider = new DirectorySecretProvider({ directory: '~/secrets' })

    const before = [provider.isAvailable(), await provider.getSecret('KEY'), await listed(provider)]
    mount({ KEY: 'first' })
    const first = await provider.getSecret('KEY')
    mount({ KEY: 'second' })

    expect(before).toEqual([false, undefined, []])
    expect([provider.isAvailable(), first, await provider.getSecret('KEY')]).toEqual([true, 'first', 'second'])
  })

  it.each([
    ['a directory', (path: string) => mkdirSync(path), { kind: 'malformed', detail: 'not_a_file' }],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), { kind: 'malformed', detail: 'not_a_file' }],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path), { kind: 'insecure', detail: 'outside' }],
    ['a link that leads out', (path: string) => symlinkSync('/etc/hostname', path), { kind: 'insecure' }],
    ['a loop of links', (path: string) => symlinkSync('BAD', path), { kind: 'malformed', detail: 'ELOOP' }],
    ['Latin-1', (path: string) => writeFileSync(path, Buffer.from(`${canary}é`, 'latin1')), { detail: 'not_utf8' }],
    ['UTF-16', (path: string) => writeFileSync(path, `\uFEFF${canary}`, 'utf16le'), { detail: 'not_utf8' }],
    ['UTF-16 without a mark', (path: string) => writeFileSync(path, canary, 'utf16le'), { detail: 'binary' }],
    ['too large', (path: string) => writeFileSync(path, canary.repeat(100_000)), { detail: 'too_large' }],
  ])('refuses %s for its key alone, and shows nothing of it', async (_what, make, expected) => {
    const directory = mount({ GOOD: 'good' })
    make(join(directory, 'BAD'))
    const provider = new DirectorySecretProvider({ directory })

    const failures = [
      await failureOf(() => provider.getSecret('BAD')),
      await failureOf(() => provider.getSecretSync('BAD')),
      await failureOf(() => provider.readSecret({ key: 'BAD' })),
    ]

    for (const failure of failures) {
      expect(failure).toMatchObject({ ...expected, provider: 'directory', key: 'BAD', hint: expect.any(String) })
      expect(failure.message).toContain(join(directory, 'BAD'))
      expect(printed(failure)).not.toContain(canary)
    }
    expect(await provider.getSecret('GOOD')).toBe('good')
  })

  it('strips one byte order mark', async () => {
    expect(await providerOver({ KEY: '\uFEFFvalue' }).getSecret('KEY')).toBe('value')
  })

  it('says malformed for a file in place of the directory', async () => {
    writeFileSync(join(homedir(), 'file'), '')
    const provider = new DirectorySecretProvider({ directory: join(homedir(), 'file') })

    const failures = [
      await failureOf(() => provider.getSecret('KEY')),
      await failureOf(() => provider.getSecretSync('KEY')),
      await failureOf(() => listed(provider)),
    ]

    expect(new Set(failures.map(({ kind, detail }) => `${kind} ${detail}`))).toEqual(new Set(['malformed ENOTDIR']))
    expect(await provider.checkHealth()).toMatchObject({ status: 'failed', kind: 'malformed' })
  })

  it('shows its directory, and no value, when it is described or printed', async () => {
    const provider = providerOver({ KEY: canary })
    await provider.getSecret('KEY')

    expect(provider.describe()).toEqual({ directory: join(homedir(), 'secrets') })
    expect(inspect(provider, { depth: 20, showHidden: true }) + JSON.stringify(provider)).not.toContain(canary)
    expect([provider.name, providerOver({}, { name: 'docker' }).name]).toEqual(['directory', 'docker'])
  })

  it.each([undefined, '', 42, 'a\0b'])('refuses %j as a directory', directory => {
    // What a caller without types may hand in.
    expect(() => new DirectorySecretProvider({ directory: directory as string })).toThrow(TypeError)
  })

  it('refuses a size that is none', () => {
    expect(() => new DirectorySecretProvider({ directory: '~', maxBytes: 0 })).toThrow(RangeError)
  })

  describe('checkHealth', () => {
    it('is ready over a directory that only its user can change, and says who may enter it and how many keys it has', async () => {
      const provider = providerOver({ A: '1', B: '2' })
      chmodSync(join(homedir(), 'secrets'), 0o700)

      const health = await provider.checkHealth()

      expect(health).toEqual({
        status: 'ready',
        latencyMs: expect.any(Number),
        findings: [
          {
            id: 'directory.contents',
            severity: 'info',
            message: `${join(homedir(), 'secrets')} has the mode 0700. Keys: 2.`,
          },
        ],
      })
    })

    it('is not configured without a directory', async () => {
      const health = await new DirectorySecretProvider({ directory: '~/absent' }).checkHealth()

      expect(health).toMatchObject({ status: 'not_configured', findings: [{ id: 'directory.missing' }] })
    })

    it('names the keys that cannot be read, with the remedy and no value', async () => {
      const directory = mount({ GOOD: 'good', BAD: `${canary}\0` })
      symlinkSync('/etc/hostname', join(directory, 'OUT'))

      const { status, findings } = await new DirectorySecretProvider({ directory }).checkHealth()

      expect(status).toBe('degraded')
      const faults = findings.filter(({ severity }) => severity !== 'info')
      expect(faults.map(({ id }) => id).toSorted()).toEqual(['directory.insecure', 'directory.malformed'])
      expect(faults.every(({ fix }) => fix !== undefined)).toBe(true)
      expect(JSON.stringify(findings)).toContain('BAD')
      expect(JSON.stringify(findings)).not.toContain(canary)
    })

    it('says that others can exchange secrets', async () => {
      const provider = providerOver({ A: '1' })
      chmodSync(join(homedir(), 'secrets'), 0o777)
      const open = await provider.checkHealth()
      chmodSync(join(homedir(), 'secrets'), 0o1777)

      expect(open).toMatchObject({
        status: 'degraded',
        findings: [{ id: 'directory.mode', severity: 'warning' }, { severity: 'info' }],
      })
      expect(open.findings[0]?.fix).toBe(`chmod go-w ${join(homedir(), 'secrets')}`)
      expect((await provider.checkHealth()).status).toBe('ready')
    })

    it.runIf(isRoot)("says that the directory is another user's", async () => {
      const provider = providerOver({ A: '1' })
      chownSync(join(homedir(), 'secrets'), 4242, 4242)

      expect(await provider.checkHealth()).toMatchObject({
        status: 'degraded',
        findings: [{ id: 'directory.owner' }, { severity: 'info' }],
      })
    })

    it('has failed over a directory that may not be read', async () => {
      chmodSync(homedir(), 0o755)
      const provider = providerOver({ A: '1' })
      chmodSync(join(homedir(), 'secrets'), 0o000)

      const health = await asUnprivileged(() => provider.checkHealth())
      chmodSync(join(homedir(), 'secrets'), 0o700)

      expect(health).toMatchObject({
        status: 'failed',
        kind: 'forbidden',
        findings: [{ id: 'directory.forbidden', severity: 'error', fix: expect.stringContaining('Let this user') }],
      })
    })
  })
})
