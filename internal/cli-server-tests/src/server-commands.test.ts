import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ChildServer, makeAdministrator, startServer } from '@st/demo-server/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli, type CliResult, cliWords } from './cli.ts'

const canary = 'r10_canary_7d02'
const passphrase = `${canary} a long passphrase`

let server: ChildServer
/** Of the server and of whoever speaks to it. */
let home: string
let env: NodeJS.ProcessEnv
let token: string
/** Everything that was printed. */
let printed = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'st-cli-server-'))
  await mkdir(join(home, 'files'))
  server = await startServer({ env: { ...process.env, HOME: home, HF_TOKEN: `${canary}-hf` } })
  const headers = { ...(await makeAdministrator(server)), 'content-type': 'application/json' }
  const made = await fetch(`${server.url}/api/users/me/tokens`, { method: 'POST', headers, body: '{"name":"cli"}' })
  // What the server answers is what this suite is about; a token that is none is refused below.
  token = ((await made.json()) as { readonly secret: string }).secret
  env = { ...process.env, HOME: home, ST_SERVER: server.url, ST_TOKEN: token }
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

async function run(args: readonly string[], input = ''): Promise<CliResult> {
  const result = await cli(args, { env, cwd: join(home, 'files'), input })
  printed += result.stdout + result.stderr
  return result
}

async function runJson(args: readonly string[], input = ''): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run([...args, '--json'], input)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

it('keeps credentials: adds, replaces, lists, switches, checks and revokes them', async () => {
  const added = await runJson(['credentials', 'add', 'replicate', 'a/b'], `${canary}-1`)
  const replaced = await runJson(
    ['credentials', 'add', 'replicate', 'a/b', '--description', 'for tests'],
    `${canary}-2`,
  )
  const off = await runJson(['credentials', 'deactivate', 'replicate', 'a/b'])
  const on = await runJson(['credentials', 'activate', 'replicate', 'a/b'])
  const listed = await runJson(['credentials', 'list', '--provider', 'replicate'])
  const stale = await runJson(['credentials', 'list', '--stale'])
  const missing = await run(['credentials', 'validate', 'replicate', 'nothing', '--json'])
  const revoked = await runJson(['credentials', 'revoke', 'replicate', 'a/b'])
  const again = await run(['credentials', 'revoke', 'replicate', 'a/b'])

  expect(added).toMatchObject({ credential: { provider: 'replicate', name: 'a/b', version: 1 } })
  expect(replaced).toMatchObject({ credential: { version: 2, description: 'for tests' } })
  expect([off, on]).toMatchObject([{ credential: { isActive: false } }, { credential: { isActive: true } }])
  expect(listed).toMatchObject({ credentials: [{ name: 'a/b', status: 'active' }], isComplete: true })
  expect(stale).toEqual({ credentials: [], isComplete: true })
  expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([3, { outcome: 'missing', valid: false }])
  expect(revoked).toEqual({ provider: 'replicate', name: 'a/b', revoked: 1 })
  expect(again).toMatchObject({ code: 3, stdout: '' })
})

it('lists more credentials than a page holds, and revokes all that are for a provider', async () => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  for (let index = 0; index < 120; index += 1) {
    const body = JSON.stringify({ provider: 'many', name: `n${index}`, value: canary })
    await fetch(`${server.url}/api/users/me/credentials`, { method: 'POST', headers, body })
  }

  const { credentials } = await runJson(['credentials', 'list', '--provider', 'many'])
  const revoked = await runJson(['credentials', 'revoke', 'many', '--yes'])

  expect(credentials).toHaveLength(120)
  expect(revoked).toMatchObject({ revoked: 120 })
})

it('shows and clears caches', async () => {
  const { caches } = await runJson(['cache', 'stats'])
  const counted = await runJson(['cache', 'clear', 'secrets', '--all', '--dry-run'])
  const cleared = await runJson(['cache', 'clear', 'user-permissions', '--prefix', 'a', '--yes'])
  const nowhere = await run(['cache', 'clear', 'nowhere', '--all', '--yes'])

  expect(caches).toContainEqual(expect.objectContaining({ name: 'secrets', loads: expect.anything() }))
  expect(counted).toMatchObject({ cache: 'secrets', dryRun: true, count: expect.any(Number) })
  expect(cleared).toEqual({ cache: 'user-permissions', dryRun: false, count: 0 })
  expect(nowhere.code).toBe(3)
})

it('exports and verifies the audit log, and sees that it still holds what was exported', async () => {
  await runJson(['audit', 'export', '--output', 'log.ndjson'])
  const part = await run(['audit', 'export', '--type', 'auth.', '--format', 'csv'])
  const found = await runJson(['audit', 'verify', '--receipt', 'log.ndjson'])
  const last = await runJson(['audit', 'verify', '--from', '2', '--to', '3'])
  const lines = (await readFile(join(home, 'files/log.ndjson'), 'utf8')).trim().split('\n')
  await writeFile(
    join(home, 'files/other.ndjson'),
    lines.join('\n').replace(/"hash":"[0-9a-f]{4}(?=[^}]*}}$)/, '"hash":"0000') + '\n',
  )
  const other = await run(['audit', 'verify', '--receipt', 'other.ndjson', '--json'])

  expect(found).toMatchObject({ valid: true, problemCount: 0 })
  expect(last).toMatchObject({ valid: true, checked: 2 })
  expect(lines.map(line => Object.keys(JSON.parse(line)).length > 1)).toEqual([
    ...lines.slice(1).map(() => true),
    false,
  ])
  expect(part.stdout).toMatch(/^sequence,.*\r\n\d+,"/)
  expect([other.code, JSON.parse(other.stdout)]).toMatchObject([6, { valid: false }])
})

it('leaves no file where there is no room for it, and says so', async () => {
  const words = cliWords.map(word => `'${word}'`).join(' ')
  const limited = `${words} backup small --without-keys; echo $?; ${words} audit export --output small; echo $?`
  const shell = `(ulimit -f 1; ${limited}); ${words} audit export >/dev/full; echo $?; ls`
  const small = { ...env, NODE_DISABLE_COMPILE_CACHE: '1' }

  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', shell], { env: small, cwd: join(home, 'files') })

  expect(stdout).toMatch(/^1\n1\n1\n(?!.*small)/)
  expect(stderr.match(/\(EFBIG\): there is no room\./g)).toHaveLength(2)
  expect(stderr).toContain('The output could not be written (ENOSPC).')
})

it('is done quietly when the reader of an export goes away', async () => {
  const words = [...cliWords, 'audit', 'export'].map(word => `'${word}'`).join(' ')
  const shell = `set -o pipefail; ${words} | head -c 5`

  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', shell], { env })

  expect([stdout, stderr]).toEqual(['{"seq', ''])
})

it('changes the key to the end, and tells of it', async () => {
  await runJson(['credentials', 'add', 'replicate', 'kept'], `${canary}-kept`)
  const before = await runJson(['rotate-key', '--status'])
  const { rotation } = await runJson(['rotate-key'])
  const after = await runJson(['rotate-key', '--status'])
  const paused = await run(['rotate-key', '--pause'])

  expect(before).toMatchObject({ key: { rotation: null } })
  expect(rotation).toMatchObject({ state: 'done', failed: 0, progress: 1 })
  expect(after).toMatchObject({ key: { rotation: { state: 'done' } } })
  expect(paused.code).toBe(7)
})

it('makes backups with and without the keys, and puts them back', async () => {
  const sealed = await runJson(['backup', 'sealed'], passphrase)
  const open = await runJson(['backup', 'open', '--without-keys'])
  const weak = await run(['backup', 'weak'], 'short')
  await runJson(['credentials', 'add', 'replicate', 'later'], canary)
  const wrong = await run(['restore', 'sealed', '--yes'], 'another passphrase')
  const restored = await runJson(['restore', 'sealed', '--yes'], passphrase)
  const { credentials } = await runJson(['credentials', 'list'])
  const again = await runJson(['restore', 'open', '--yes'])

  expect([sealed, open]).toMatchObject([{ withKeys: true }, { withKeys: false }])
  expect(sealed['bytes']).toBe((await stat(join(home, 'files/sealed'))).size)
  expect(weak.code).toBe(6)
  expect(wrong.code).toBe(6)
  expect(wrong.stderr).toContain('ST_BACKUP_PASSPHRASE_WRONG')
  expect(restored).toMatchObject({ log: 'kept', undecryptable: 0 })
  expect(credentials).toMatchObject([{ name: 'kept' }])
  expect(again).toMatchObject({ log: 'kept' })
})

it('hears why a large upload is refused before all of it was sent', async () => {
  const body = `{"format":"st-demo-server backup","version":1,"createdAt":""}\n${'[0]\n'.repeat(4_000_000)}`
  const sha256 = createHash('sha256').update(body).digest('hex')
  await writeFile(join(home, 'files/large'), `${body}${JSON.stringify({ sha256 })}\n`)
  const stranger = { ...env, ST_TOKEN: 'st_1_unknown' }

  const { code, stderr } = await cli(['restore', 'large', '--yes'], { env: stranger, cwd: join(home, 'files') })

  expect(code).toBe(5)
  expect(stderr).toContain('401')
})

it('refuses a token that is unknown', async () => {
  const result = await cli(['credentials', 'list'], { env: { ...env, ST_TOKEN: `${canary}-unknown` }, cwd: home })
  printed += result.stdout + result.stderr

  expect(result).toMatchObject({ code: 5, stdout: '' })
})

it('has printed neither the token nor a value', () => {
  expect(printed).not.toContain(token)
  expect(printed).not.toContain(canary)
})
