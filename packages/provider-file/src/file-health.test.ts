import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ProviderHealth } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { FileSecretProvider } from './file-secret-provider.ts'
import type { FileSecretProviderOptions } from './file-secret-provider.ts'
import { temporaryPath } from './leftovers.ts'

const canary = 'health-canary-5e8d'

function inHome(...names: string[]): string {
  return join(homedir(), ...names)
}

function providerOver(
  name: string,
  text: string | Uint8Array,
  options: FileSecretProviderOptions = {},
): FileSecretProvider {
  writeFileSync(inHome(name), text, { mode: 0o600 })
  return new FileSecretProvider({ filePath: inHome(name), ...options })
}

/** Of what is to be done. */
function idsIn({ findings }: ProviderHealth): readonly string[] {
  return findings.filter(({ severity }) => severity !== 'info').map(({ id }) => id)
}

async function idsOf(provider: FileSecretProvider): Promise<readonly string[]> {
  return idsIn(await provider.checkHealth())
}

describe('checkHealth of a file', () => {
  it('is ready when there is nothing to do, and says which file it is, who may read it, and how many keys it has', async () => {
    expect(await providerOver('secrets.json', `{"A":"${canary}","B":"","C":1}`).checkHealth()).toEqual({
      status: 'ready',
      latencyMs: expect.any(Number),
      findings: [
        { id: 'file.contents', severity: 'info', message: `${inHome('secrets.json')} has the mode 0600. Keys: 3.` },
      ],
    })
  })

  it('is not configured without a file', async () => {
    const health = await new FileSecretProvider().checkHealth()

    expect(health).toMatchObject({ status: 'not_configured', findings: [{ id: 'file.missing', severity: 'info' }] })
    expect(health.findings[0]?.message).toContain(inHome('.simpletuner', 'secrets.json'))
    expect(health.findings[0]?.fix).toBeDefined()
  })

  it('says that others can get at the file, unless that is to be ignored', async () => {
    const outcomes = await Promise.all(
      (['warn', 'refuse', 'ignore'] as const).map(async insecurePermissions => {
        const provider = providerOver(`${insecurePermissions}.json`, '{}', { insecurePermissions })
        chmodSync(inHome(`${insecurePermissions}.json`), 0o644)
        const { status, kind, findings } = await provider.checkHealth()
        return [
          status,
          kind,
          findings.filter(({ severity }) => severity !== 'info').map(({ id, severity }) => `${severity} ${id}`),
        ]
      }),
    )

    expect(outcomes).toEqual([
      ['degraded', undefined, ['warning file.mode']],
      ['failed', 'insecure', ['error file.mode']],
      ['ready', undefined, []],
    ])
  })

  it('gives a command that mends it', async () => {
    const provider = providerOver('secrets.json', '{}')
    chmodSync(inHome('secrets.json'), 0o666)
    chmodSync(homedir(), 0o777)
    const health = await provider.checkHealth()
    const findings = health.findings.filter(({ fix }) => fix !== undefined)

    for (const { fix } of findings) execFileSync('sh', ['-c', fix ?? 'false'])

    expect(findings.map(({ id }) => id)).toEqual(['file.mode', 'file.directory_mode'])
    expect(await provider.checkHealth()).toMatchObject({ status: 'ready', findings: [{ id: 'file.contents' }] })
  })

  it('says which default file is used when there are several', async () => {
    mkdirSync(inHome('.simpletuner'), { mode: 0o700 })
    for (const name of ['secrets.json', 'secrets.yml']) {
      writeFileSync(inHome('.simpletuner', name), '{}', { mode: 0o600 })
    }

    const { status, findings } = await new FileSecretProvider().checkHealth()

    expect([status, findings[0]?.id]).toEqual(['degraded', 'file.several'])
    expect(findings[0]?.message).toBe(
      `${inHome('.simpletuner', 'secrets.json')} is used, and not what is also there: ${inHome('.simpletuner', 'secrets.yml')}.`,
    )
    expect(await idsOf(new FileSecretProvider({ filePath: inHome('.simpletuner', 'secrets.json') }))).toEqual([])
  })

  it.each([
    ['secrets.json', `{"A":"${canary}","B":[],"A":"${canary}","\\u0041":"2","C":"3"}`],
    ['secrets.yaml', `A: ${canary}\nB: []\n"A": ${canary}\nbase: &b {C: 1}\n<<: *b\nC: 3\n`],
  ])('names keys that are there twice in %s, and those that hold no string', async (name, text) => {
    const health = await providerOver(name, text).checkHealth()
    const { status, findings } = health

    expect(status).toBe('degraded')
    expect(idsIn(health)).toEqual(['file.duplicates', 'file.unusable'])
    expect(findings[0]?.message).toContain('more than once: "A". The last one counts')
    expect(findings[1]?.message).toContain('holds no string for: "B"')
    expect(JSON.stringify(findings)).not.toContain(canary)
  })

  it.each([
    ['secrets.json', `{\n  "A": ${canary}\n}`, 'line 2, column 8'],
    ['secrets.yaml', `A: ${canary}: x\n`, 'line 1, column'],
    ['secrets.json', Buffer.from(`{"A":"${canary}é"}`, 'latin1'), 'not UTF-8'],
    ['secrets.json', `"${canary.repeat(100_000)}"`, 'larger than'],
  ])('has failed over a %s that cannot be read, and says where', async (name, text, place) => {
    const health = await providerOver(name, text).checkHealth()

    expect(health).toMatchObject({
      status: 'failed',
      kind: 'malformed',
      findings: [{ id: 'file.malformed', severity: 'error' }],
    })
    expect(health.findings[0]?.message).toContain(place)
    expect(health.findings[0]?.fix).toBeDefined()
    expect(JSON.stringify(health)).not.toContain(canary)
  })

  it('has failed over what is no file', async () => {
    mkdirSync(inHome('secrets.json'))
    symlinkSync('/dev/zero', inHome('zero.json'))
    symlinkSync('loop.json', inHome('loop.json'))

    for (const filePath of ['~/secrets.json', '~/zero.json', '~/loop.json']) {
      expect(await new FileSecretProvider({ filePath }).checkHealth()).toMatchObject({
        status: 'failed',
        kind: 'malformed',
      })
    }
  })

  it('names what killed writers left behind, also behind a link', async () => {
    mkdirSync(inHome('real'), { mode: 0o700 })
    const provider = providerOver('real/secrets.json', '{}', { filePath: inHome('link.json') })
    symlinkSync('real/secrets.json', inHome('link.json'))
    const leftovers = [temporaryPath(inHome('real', 'secrets.json')), inHome('real', 'secrets.json.lock')]
    const old = new Date(Date.now() - 60_000)
    for (const path of leftovers) {
      writeFileSync(path, canary)
      utimesSync(path, old, old)
    }

    const { status, findings } = await provider.checkHealth()
    await provider.setSecret('A', '1')

    expect([status, findings[0]?.id]).toEqual(['degraded', 'file.leftovers'])
    expect(leftovers.every(path => findings[0]?.message.includes(path))).toBe(true)
    expect(JSON.stringify(findings)).not.toContain(canary)
    expect(await idsOf(provider)).toEqual([])
  })

  it('puts the gravest finding first', async () => {
    const provider = providerOver('secrets.json', '{"A":[]}', { insecurePermissions: 'refuse' })
    chmodSync(inHome('secrets.json'), 0o644)

    const { findings } = await provider.checkHealth()

    expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info'])
  })
})
