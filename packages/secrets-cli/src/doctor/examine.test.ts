import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { FileSecretProvider } from '@st/provider-file'
import { SecretError, type SecretProvider, SecretsManager } from '@st/secrets-core'
import { describe, expect, it } from 'vitest'
import type { DoctorReport } from './doctor-check.ts'
import { examine, type Examination } from './examine.ts'

const canary = 'r8_canary_9f2c'

function holding(name: string, secrets: Readonly<Record<string, string>>): SecretProvider {
  return {
    name,
    isAvailable: () => true,
    getSecret: async key => secrets[key],
    listKeys: async function* () {
      yield* Object.keys(secrets)
    },
  }
}

interface Setting extends Partial<Examination> {
  readonly providers?: readonly SecretProvider[]
}

async function report({ providers = [holding('memory', {})], ...changes }: Setting = {}): Promise<DoctorReport> {
  const manager = new SecretsManager({ providers, policy: { retry: false } })
  const found = await examine({
    manager: async () => manager,
    env: { PATH: process.env['PATH'] },
    keyFile: undefined,
    include: [],
    deadlineMs: 20_000,
    nodeVersion: '24.0.0',
    now: () => Date.UTC(2026, 6, 1),
    ...changes,
  })
  expect(JSON.stringify(found)).not.toContain(canary)
  return found
}

/** What is told under one id, as `status subject: message`. */
function told({ checks }: DoctorReport, id: string): readonly string[] {
  return checks
    .filter(check => check.id === id)
    .map(({ status, subject, message }) => `${status} ${subject}: ${message}`)
}

function plantKeyFile(text: string, mode = 0o600): string {
  const path = join(homedir(), 'credential.key')
  writeFileSync(path, text, { mode })
  return path
}

describe('examine', () => {
  it('has nothing to complain of where all is well', async () => {
    const found = await report({ providers: [holding('memory', { TOKEN: canary })] })

    expect(found.status).toBe('ok')
    expect(told(found, 'provider.ready')).toEqual(['ok memory: It is available and answers.'])
    expect(told(found, 'keys.count')).toEqual(['ok keys: Keys that are listed or well known, and found: 1.'])
    expect(told(found, 'node.version')).toEqual(['ok node: Node 24.0.0.'])
  })

  it('tells what every provider finds, with its remedy, and fails for what does not work', async () => {
    const health = {
      status: 'failed',
      kind: 'forbidden',
      latencyMs: 12.4,
      findings: [{ id: 'vault.forbidden', severity: 'error', message: 'Denied.', fix: 'Allow it.' }],
    } as const
    const found = await report({ providers: [{ ...holding('vault', {}), checkHealth: async () => health }] })

    expect(found.status).toBe('failed')
    expect(found.checks).toContainEqual({
      id: 'vault.forbidden',
      status: 'failed',
      subject: 'vault',
      message: 'Denied.',
      fix: 'Allow it.',
    })
    expect(told(found, 'provider.failed')).toEqual(['failed vault: It cannot be asked (forbidden) after 12 ms.'])
  })

  it('does not complain of a provider that nobody configured, and warns of one that somebody did', async () => {
    const health = {
      status: 'not_configured',
      findings: [{ id: 'vault.not_configured', severity: 'error', message: 'No token is given.' }],
    } as const
    const providers = [{ ...holding('vault', {}), checkHealth: async () => health }]

    const unnamed = await report({ providers })
    const named = await report({ providers, env: { PATH: process.env['PATH'], VAULT_ADDR: 'https://vault' } })

    expect(told(unnamed, 'vault.not_configured')).toEqual(['ok vault: No token is given.'])
    expect(told(named, 'vault.not_configured')).toEqual(['warning vault: No token is given.'])
  })

  it('tells modes and owners of files of secrets', async () => {
    const filePath = join(homedir(), 'secrets.json')
    writeFileSync(filePath, JSON.stringify({ TOKEN: canary }), { mode: 0o644 })

    const found = await report({ providers: [new FileSecretProvider({ filePath })] })

    expect(found.checks.find(({ id }) => id === 'file.mode')?.fix).toBe(`chmod 600 ${filePath}`)
  })

  it('says that there is no provider', async () => {
    expect(told(await report({ providers: [] }), 'providers.none')).toEqual(['warning providers: There is none.'])
  })

  it('names keys that are shadowed, too short, or have white space around them', async () => {
    const found = await report({
      providers: [
        holding('first', { A: canary, B: 'same value', PIN: '12', SPACED: `${canary}\n` }),
        holding('second', { A: 'another value', B: 'same value' }),
      ],
    })

    expect(told(found, 'keys.shadowed')).toEqual([
      'warning keys: A comes from first; the other value in second is not used.',
    ])
    expect(told(found, 'keys.duplicate')).toHaveLength(1)
    expect(told(found, 'keys.short')).toEqual([
      'warning keys: The value of PIN has fewer than 4 characters, and cannot be redacted in logs.',
    ])
    expect(told(found, 'keys.white_space')[0]).toContain('SPACED')
  })

  it('tells a configuration that cannot be used, and looks at the rest all the same', async () => {
    const found = await report({
      manager: async () => {
        throw new SecretError('not_configured', 'Provider "vault" is not installed.', { hint: 'Install it.' })
      },
    })

    expect(told(found, 'configuration.failed')).toEqual(['failed configuration: Provider "vault" is not installed.'])
    expect(told(found, 'node.version')).toHaveLength(1)
    expect(told(found, 'git.looked')).toHaveLength(1)
  })

  it('does not repeat what an error says that nobody foresaw', async () => {
    const found = await report({
      manager: async () => {
        throw new Error(canary)
      },
    })

    expect(told(found, 'configuration.failed')).toHaveLength(1)
  })

  it('ends in time though a provider never answers, and tells the rest', async () => {
    const hanging: SecretProvider = {
      ...holding('hanging', {}),
      checkHealth: async () => new Promise(() => undefined),
      getSecret: async () => new Promise(() => undefined),
    }

    const found = await report({ providers: [hanging], include: ['TOKEN'], deadlineMs: 100 })

    expect(told(found, 'providers.timeout')).toEqual(['failed providers: There was no answer within 0.1 s.'])
    expect(told(found, 'keys.timeout')).toHaveLength(1)
    expect(told(found, 'node.version')).toHaveLength(1)
  })

  it('says so of an old Node, an unset clock, and connections that are not verified', async () => {
    const found = await report({ nodeVersion: '22.17.1', now: () => 0, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })

    expect(told(found, 'node.version')).toEqual(['failed node: Node 22.17.1 is older than 22.18.'])
    expect(told(found, 'clock.unset')[0]).toContain('1970-01-01')
    expect(told(found, 'node.tls_unverified')).toHaveLength(1)
  })
})

describe('examine, of the credential key', () => {
  it('tells the file, and its fingerprint', async () => {
    const found = await report({ keyFile: plantKeyFile(canary) })

    expect(told(found, 'credential_key.file')[0]).toMatch(/^ok .* Fingerprint: [0-9a-f]{16}\.$/)
  })

  it.each([
    ['insecure', canary, 0o644],
    ['empty', ' \n', 0o600],
  ])('fails for a file that is %s', async (detail, text, mode) => {
    const found = await report({ keyFile: plantKeyFile(text, mode) })

    expect(told(found, `credential_key.${detail}`)[0]).toMatch(/^failed /)
  })

  it('tells that the variable is used, and the file is not', async () => {
    const found = await report({ keyFile: plantKeyFile(canary), env: { SIMPLETUNER_CREDENTIAL_KEY: canary } })

    expect(told(found, 'credential_key.variable')).toHaveLength(1)
    expect(told(found, 'credential_key.unused_file')).toHaveLength(1)
  })

  it('warns of white space in the variable', async () => {
    const found = await report({ env: { SIMPLETUNER_CREDENTIAL_KEY: `${canary}\n` } })

    expect(told(found, 'credential_key.white_space')[0]).toMatch(/^warning /)
  })
})

describe('examine, of git', () => {
  function plantRepository(): { readonly root: string; readonly filePath: string } {
    const root = join(homedir(), 'repository')
    mkdirSync(join(root, 'config'), { recursive: true })
    execFileSync('git', ['init', '--quiet'], { cwd: root })
    const filePath = join(root, 'config', '[secrets].json')
    writeFileSync(filePath, '{}', { mode: 0o600 })
    return { root, filePath }
  }

  it('fails for a file that git tracks', async () => {
    const { root, filePath } = plantRepository()
    execFileSync('git', ['add', '--all'], { cwd: root })

    const found = await report({
      providers: [new FileSecretProvider({ filePath })],
      // As in a hook of another repository.
      env: { PATH: process.env['PATH'], GIT_DIR: '/nowhere' },
    })

    expect(told(found, 'git.tracked')).toEqual([`failed git: git tracks ${filePath}.`])
  })

  it('warns of a file that git would take, wherever the link to it is', async () => {
    const { filePath } = plantRepository()
    const link = join(homedir(), 'secrets.json')
    symlinkSync(filePath, link)

    const found = await report({ providers: [new FileSecretProvider({ filePath: link })] })

    expect(told(found, 'git.not_ignored')[0]).toContain(filePath)
  })

  it('has nothing to say of a file that git ignores, or that is in no repository', async () => {
    const { root, filePath } = plantRepository()
    writeFileSync(join(root, '.gitignore'), '*.json\n')

    const found = await report({
      providers: [new FileSecretProvider({ filePath })],
      keyFile: plantKeyFile(canary),
      env: { PATH: process.env['PATH'], GIT_DIR: '/nowhere' },
    })

    expect(told(found, 'git.looked')).toEqual(['ok git: Files of secrets that were looked at: 2.'])
    expect(found.status).toBe('ok')
  })

  it('says that git is not installed', async () => {
    const found = await report({ keyFile: plantKeyFile(canary), env: { PATH: '/nowhere' } })

    expect(told(found, 'git.absent')).toHaveLength(1)
  })
})
