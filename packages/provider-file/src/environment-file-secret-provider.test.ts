import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describeProviderContract } from '@st/provider-testkit'
import type { ProviderSource } from '@st/provider-testkit'
import { describe, expect, it } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { printed } from './__fixtures__/printed.ts'
import { EnvironmentFileSecretProvider } from './environment-file-secret-provider.ts'
import { fileVariableName } from './file-variable-name.ts'

const canary = 'variable-canary-90ab'

function file(name: string, content: string | Uint8Array): string {
  const path = join(homedir(), name)
  writeFileSync(path, content)
  return path
}

/** Files with the secrets, and the variables that name them. */
function environment(secrets: Readonly<Record<string, string>>, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([key, value], index) => [
      fileVariableName(key, prefix),
      file(`secret-${index}`, `${value}\n`),
    ]),
  )
}

const forbidden: ProviderSource = secrets => {
  chmodSync(homedir(), 0o755)
  const env = environment(secrets)
  for (const path of Object.values(env)) chmodSync(path, 0o000)
  const provider = new EnvironmentFileSecretProvider({ env })
  return {
    name: provider.name,
    isAvailable: () => true,
    getSecret: key => asUnprivileged(() => provider.getSecret(key)),
  }
}

describe('EnvironmentFileSecretProvider', () => {
  describeProviderContract(
    {
      holding: secrets => new EnvironmentFileSecretProvider({ env: environment(secrets) }),
      faulty: {
        forbidden,
        malformed: secrets =>
          new EnvironmentFileSecretProvider({ env: { HELD_KEY_FILE: file('held', `${secrets['HELD_KEY']}\0`) } }),
        huge_body: secrets => new EnvironmentFileSecretProvider({ env: environment(secrets), maxBytes: 5 }),
      },
    },
    { describe, it },
  )

  describe('with a prefix', () => {
    describeProviderContract(
      { holding: secrets => new EnvironmentFileSecretProvider({ prefix: 'APP', env: environment(secrets, 'APP') }) },
      { describe, it },
    )
  })

  it('says where it found a secret, and that it is good for a second', async () => {
    const path = file('token', 'value\n')
    const provider = new EnvironmentFileSecretProvider({ env: { HF_TOKEN_FILE: path } })

    expect(await provider.readSecret({ key: 'hf-token' })).toEqual({ value: 'value', locator: path, ttl: 1 })
  })

  it('reads process.env and the file at each call', async () => {
    const provider = new EnvironmentFileSecretProvider({ prefix: 'ST_ENV_FILE_TEST' })

    const before = await provider.getSecret('key')
    process.env['ST_ENV_FILE_TEST_KEY_FILE'] = file('key', 'first')
    const first = await provider.getSecret('key')
    file('key', 'second')
    const second = await provider.getSecret('key')
    delete process.env['ST_ENV_FILE_TEST_KEY_FILE']

    expect([before, first, second, await provider.getSecret('key')]).toEqual([undefined, 'first', 'second', undefined])
  })

  it('treats an empty variable as not set, and an inherited member as no variable', () => {
    const inherited = Object.create({ KEY_FILE: file('key', 'value') }) as Record<string, string>

    expect(new EnvironmentFileSecretProvider({ env: { KEY_FILE: '' } }).getSecretSync('key')).toBeUndefined()
    expect(new EnvironmentFileSecretProvider({ env: inherited }).getSecretSync('key')).toBeUndefined()
  })

  it('expands a tilde, and follows a link to wherever it leads', () => {
    mkdirSync(join(homedir(), 'elsewhere'))
    file('elsewhere/key', 'value')
    symlinkSync(join(homedir(), 'elsewhere', 'key'), join(homedir(), 'link'))

    expect(new EnvironmentFileSecretProvider({ env: { KEY_FILE: '~/link' } }).getSecretSync('key')).toBe('value')
  })

  describe('when the variable cannot be right', () => {
    const cases: readonly (readonly [what: string, value: () => string, expected: object])[] = [
      ['names no file', () => `/nowhere/${canary}`, { kind: 'not_configured', detail: 'ENOENT' }],
      ['holds the secret itself', () => canary, { kind: 'not_configured', detail: 'ENOENT' }],
      ['holds a long secret itself', () => `${canary}/+==`.repeat(500), { kind: 'not_configured' }],
      ['holds a null character', () => `${canary}\0`, { kind: 'not_configured' }],
      ['leads through a file', () => join(file(canary, ''), 'below'), { kind: 'not_configured', detail: 'ENOENT' }],
      ['names a directory', () => homedir(), { kind: 'malformed', detail: 'not_a_file' }],
      [
        'names a pipe',
        () => {
          const path = join(homedir(), 'pipe')
          execFileSync('mkfifo', [path])
          return path
        },
        { kind: 'malformed', detail: 'not_a_file' },
      ],
      ['names a device', () => '/dev/zero', { kind: 'malformed', detail: 'not_a_file' }],
      ['names bytes', () => file('bytes', Buffer.from([0xff, 0xfe, 0x41])), { kind: 'malformed', detail: 'not_utf8' }],
    ]

    it.each(cases)('%s: names the variable, and shows nothing of what it holds', async (_what, value, expected) => {
      const provider = new EnvironmentFileSecretProvider({ env: { TOKEN_FILE: value() } })

      for (const failure of [
        await failureOf(() => provider.getSecret('TOKEN')),
        await failureOf(() => provider.getSecretSync('TOKEN')),
      ]) {
        expect(failure).toMatchObject({ ...expected, provider: 'env-file', key: 'TOKEN', hint: expect.any(String) })
        expect(failure.message).toContain('TOKEN_FILE')
        expect(printed(failure)).not.toContain(canary)
      }
    })
  })

  it('is always available, named env-file unless it is told otherwise, and describes its variables', () => {
    const provider = new EnvironmentFileSecretProvider({ env: { TOKEN_FILE: canary } })

    expect(provider.isAvailable()).toBe(true)
    expect([provider.name, new EnvironmentFileSecretProvider({ name: 'files' }).name]).toEqual(['env-file', 'files'])
    expect(provider.describe()).toEqual({ variables: '<KEY>_FILE' })
    expect(new EnvironmentFileSecretProvider({ prefix: 'APP' }).describe()).toEqual({ variables: 'APP_<KEY>_FILE' })
    expect(inspect(provider, { depth: 20, showHidden: true }) + JSON.stringify(provider)).not.toContain(canary)
  })

  it('refuses a size that is none', () => {
    expect(() => new EnvironmentFileSecretProvider({ maxBytes: -1 })).toThrow(RangeError)
  })

  describe('checkHealth', () => {
    it('reads every file of its prefix, and names the variables of those that it cannot', async () => {
      const env = {
        APP_GOOD_FILE: file('good', 'value'),
        APP_GONE_FILE: `/nowhere/${canary}`,
        APP_DIRECTORY_FILE: homedir(),
        APP_EMPTY_FILE: '',
        APP_lower_FILE: canary,
        APP_FILE: canary,
        OTHER_FILE: canary,
      }

      const { status, findings } = await new EnvironmentFileSecretProvider({ prefix: 'APP', env }).checkHealth()

      expect(status).toBe('degraded')
      expect(findings.map(({ id, message }) => `${id} ${/APP_\w+/.exec(message)?.[0]}`).toSorted()).toEqual([
        'env_file.malformed APP_DIRECTORY_FILE',
        'env_file.not_configured APP_GONE_FILE',
      ])
      expect(JSON.stringify(findings)).not.toContain(canary)
    })

    it('says nothing without a prefix', async () => {
      const provider = new EnvironmentFileSecretProvider({ env: { SSL_CERT_FILE: '/nowhere' } })

      expect(await provider.checkHealth()).toEqual({ status: 'ready', findings: [] })
    })
  })
})
