import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { runCli } from '../__fixtures__/run-cli.ts'
import { cipherOf } from './credential-keys.ts'

const canary = 'r8_canary_9f2c'

/** Files of an old and a new key, and a token of the old one. */
async function plantKeys(): Promise<{ readonly token: string }> {
  writeFileSync(join(homedir(), 'old.key'), 'the old secret', { mode: 0o600 })
  writeFileSync(join(homedir(), 'new.key'), 'the new secret', { mode: 0o600 })
  return { token: (await cipherOf([{ keyFile: join(homedir(), 'old.key') }], 'v1')).encrypt(canary) }
}

const rotate = ['credentials', 'rotate-key', '--key-file', 'new.key', '--old-key-file', 'old.key']

describe('st-secrets credentials', () => {
  it('encrypts from standard input and decrypts to standard output, and shows the credential nowhere else', async () => {
    const encrypted = await runCli(['credentials', 'encrypt', '--format', 'v1'], { input: `${canary}\n` })
    const decrypted = await runCli(['credentials', 'decrypt'], { input: encrypted.stdout })
    const refused = await runCli(['credentials', 'decrypt'], { input: canary })

    expect(encrypted).toMatchObject({ code: 0, stderr: '' })
    expect(encrypted.stdout).not.toContain(canary)
    expect(decrypted).toMatchObject({ code: 0, stdout: `${canary}\n`, stderr: '' })
    expect(refused).toMatchObject({ code: 6, stdout: '' })
    expect(refused.stderr).not.toContain(canary)
  })

  it('binds st2 tokens to their context', async () => {
    writeFileSync(join(homedir(), 'a.key'), 'Rk9SIHRlc3RzIG9ubHksIDMyIHJhbmRvbSBieXRlcy4=', { mode: 0o600 })
    const key = ['--key-file', 'a.key', '--context', 'user=7']
    const { stdout } = await runCli(['credentials', 'encrypt', '--format', 'st2', ...key], { input: canary })

    const [same, other] = await Promise.all([
      runCli(['credentials', 'decrypt', ...key], { input: stdout }),
      runCli(['credentials', 'decrypt', '--key-file', 'a.key', '--json'], { input: stdout }),
    ])

    expect(same).toMatchObject({ code: 0, stdout: `${canary}\n` })
    expect(other).toMatchObject({ code: 6, stdout: '' })
    expect(JSON.parse(other.stderr)).toMatchObject({ error: { code: 'ST_CRYPTO_AUTHENTICATION_FAILED' } })
  })

  it('rotates a file, says how many tokens, and then has nothing to do', async () => {
    const { token } = await plantKeys()
    writeFileSync(join(homedir(), 'tokens.csv'), `id,secret\n1,${token}\n2,\n`)
    const args = [...rotate, 'tokens.csv', '--column', 'secret']

    const planned = await runCli([...args, '--dry-run', '--json'])
    const done = await runCli(args)
    const again = await runCli(args)
    const exported = await runCli([
      'credentials',
      'export',
      'tokens.csv',
      '--column',
      'secret',
      '--key-file',
      'new.key',
    ])

    expect(planned.code).toBe(0)
    expect(JSON.parse(planned.stdout)).toMatchObject({ path: 'tokens.csv', dryRun: true, changed: 1, isWritten: false })
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expect(done.stderr).toContain('1 of 1 tokens changed; 1 were read back')
    expect(again.stderr).toContain('nothing was to be changed')
    expect(exported).toMatchObject({ code: 0, stdout: `id,secret\n1,${canary}\n2,\n` })
  })

  it('rotates a column of a database, and names rows that do not decrypt', async () => {
    const { token } = await plantKeys()
    const database = new DatabaseSync(join(homedir(), 'jobs.db'))
    database.exec('CREATE TABLE c (token TEXT)')
    for (const value of [token, canary]) database.prepare('INSERT INTO c VALUES (?)').run(value)
    database.close()

    const refused = await runCli([...rotate, 'jobs.db', '--table', 'c'])
    const skipped = await runCli([...rotate, 'jobs.db', '--table', 'c', '--skip-problems'])

    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('row 2: malformed')
    expect(refused.stderr).toContain('nothing was changed')
    expect(skipped.code).toBe(6)
    expect(skipped.stderr).toContain('1 of 2 tokens changed')
    expect(refused.stdout + refused.stderr + skipped.stderr).not.toContain(canary)
  })

  it('exports into a new file for this user only, whole or not at all', async () => {
    const { token } = await plantKeys()
    mkdirSync(join(homedir(), 'out'))
    writeFileSync(join(homedir(), 'good.ndjson'), `{"token":"${token}"}\n`)
    writeFileSync(join(homedir(), 'bad.ndjson'), `{"token":"${token}"}\n{"token":"plain"}\n`)
    const args = ['--key-file', 'old.key', '--output', 'out/plain.ndjson']

    const bad = await runCli(['credentials', 'export', 'bad.ndjson', ...args])
    const leftByBad = readdirSync(join(homedir(), 'out'))
    const good = await runCli(['credentials', 'export', 'good.ndjson', ...args])
    const again = await runCli(['credentials', 'export', 'good.ndjson', ...args])

    const path = join(homedir(), 'out', 'plain.ndjson')
    expect(bad).toMatchObject({ code: 6, stdout: '' })
    expect(bad.stderr).toContain('line 2: malformed')
    expect(leftByBad).toEqual([])
    expect(good).toMatchObject({ code: 0, stdout: '' })
    expect(readFileSync(path, 'utf8')).toBe(`{"token":"${canary}"}\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(again.code).toBe(7)
  })

  it.each([
    ['no key', ['credentials', 'decrypt'], 3],
    ['no new key', ['credentials', 'rotate-key', 'a.csv'], 2],
    ['a name that says no type', [...rotate, 'tokens'], 2],
    ['a database without a table', [...rotate, 'a.db'], 2],
    ['a file that does not exist', [...rotate, 'a.csv'], 3],
    ['a context that is no pair', [...rotate, 'a.csv', '--context', 'user'], 2],
    ['a delimiter that is none', [...rotate, 'a.csv', '--delimiter', '"'], 2],
  ])('ends with one message for %s', async (_, args, code) => {
    await plantKeys()

    const { stderr, ...result } = await runCli(args, { input: 'x' })

    expect(result).toEqual({ code, signal: null, stdout: '' })
    expect(stderr).toMatch(/^error: .*\n(.*\n)?$/)
  })
})
