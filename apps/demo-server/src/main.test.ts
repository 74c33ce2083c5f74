import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { failToStart, makeAdministrator, startServer } from './testing/child-server.ts'

let folder: string

beforeEach(async () => {
  folder = join(homedir(), '.simpletuner')
  await mkdir(folder)
})

describe('a server that can run', () => {
  it('serves the environment and the file it was started with, and stops cleanly', async () => {
    await writeFile(join(folder, 'secrets.yaml'), 'HF_TOKEN: file\nMINE: x\n')
    await using server = await startServer({ env: { ...process.env, HF_TOKEN: 'env' } })

    const headers = await makeAdministrator(server)
    const secret: unknown = await (await fetch(`${server.url}/api/secrets/HF_TOKEN`, { headers })).json()
    const ended = await server.stop('SIGTERM')

    expect(secret).toEqual({
      key: 'HF_TOKEN',
      found: true,
      source: 'env',
      shadowed: [{ provider: 'file', sameValue: false }],
    })
    expect(ended).toBe(0)
    expect(server.output()).toMatch(
      /^Listening on http:\/\/127\.0\.0\.1:\d+ \(stop with Ctrl-C\)\nFirst run: .* one-time token, until \S+Z:\n\n {2}[\w-]{43}\n\n$/,
    )
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops on %s with a client still connected', async signal => {
    await using server = await startServer()
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\n')

    expect(await server.stop(signal)).toBe(0)
    socket.destroy()
  })

  it('keeps its own data in the state folder, and makes nothing else', async () => {
    const state = join(homedir(), 'elsewhere')
    await using server = await startServer({ env: { ...process.env, SIMPLETUNER_STATE_DIR: state } })

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await readdir(join(state, 'st'))).toContain('demo.db')
    expect(await readdir(folder)).toEqual([])
  })

  it('listens on IPv6 when asked', async () => {
    await using server = await startServer({ args: ['--host', '::1', '--port', '0'] })

    expect((await fetch(server.url)).status).toBe(200)
  })

  it('warns of a malformed file in one line without its content, serves the rest, leaves the file as it is', async () => {
    const broken = '{\n  "HF_TOKEN": "canary-8d21",\n  oops\n}'
    await writeFile(join(folder, 'secrets.json'), broken)
    await using server = await startServer({ env: { ...process.env, REPLICATE_API_TOKEN: 'x' } })

    const headers = await makeAdministrator(server)
    const found = await fetch(`${server.url}/api/secrets/REPLICATE_API_TOKEN`, { headers })
    const unknown = await fetch(`${server.url}/api/secrets/HF_TOKEN`, { headers })
    const told = await (await fetch(`${server.url}/api/secrets/HF_TOKEN/explain`, { headers })).text()
    await server.stop('SIGTERM')

    expect([found.status, unknown.status]).toEqual([200, 503])
    const warnings = server
      .output()
      .split('\n')
      .filter(line => line.startsWith('Warning'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^Warning: .*secrets\.json.*line 3/)
    expect(told).toContain('line 3')
    expect(server.output() + told).not.toContain('canary-8d21')
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe(broken)
  })
})

describe('a server that cannot run', () => {
  it.each([
    [
      ['--prot', '1'],
      2,
      "Unknown option '--prot'. Options: --port PORT, --host ADDRESS, --tls-cert FILE, --tls-key FILE, --reset-admin, --import FILE, --import-key FILE, --backup FILE, --restore FILE, --help.\n",
    ],
    [['--port', 'x'], 2, '--port must be a whole number from 0 to 65535, not "x".\n'],
  ])('says why in one line for %j', async (args, code, stderr) => {
    expect(await failToStart(args)).toEqual({ code, stdout: '', stderr })
  })

  it('names the port that is in use and the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : undefined

    const failed = await failToStart(['--port', String(port)])
    other.close()

    expect(failed).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} on 127.0.0.1 is in use: stop the other program, or choose another with --port (0 = any free one).\n`,
    })
  })

  it('names its database when the file is damaged, and leaves it', async () => {
    const path = join(folder, 'st', 'demo.db')
    await mkdir(join(folder, 'st'))
    await writeFile(path, 'x'.repeat(5000))

    const failed = await failToStart(['--port', '0'])

    expect([failed.code, failed.stdout, failed.stderr.trim().split('\n').length]).toEqual([1, '', 1])
    expect(failed.stderr).toMatch(/^Cannot open .*demo\.db .*: .*SIMPLETUNER_STATE_DIR\.$/m)
    expect(await readFile(path, 'utf8')).toBe('x'.repeat(5000))
  })

  it('names its database when a folder is in its place', async () => {
    await mkdir(join(folder, 'st', 'demo.db'), { recursive: true })

    const failed = await failToStart(['--port', '0'])

    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/^Cannot open .*demo\.db \(.*EISDIR.*SIMPLETUNER_STATE_DIR\.\n$/)
  })

  it.each([
    ['mysql://me:canary@localhost/st', /^DATABASE_URL must be an address of PostgreSQL: .*\n$/],
    ['postgres://me:canary@127.0.0.1:1/st', /^Cannot open the database of DATABASE_URL \(.*ECONNREFUSED\): .*\n$/],
    ['postgres://me:canary@[/st', /^Cannot open the database of DATABASE_URL \(TypeError .*\): .*\n$/],
  ])('names DATABASE_URL when it cannot be opened, and not its password: %#', async (url, message) => {
    const failed = await failToStart(['--port', '0'], { ...process.env, DATABASE_URL: url })

    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(message)
    expect(failed.stderr).not.toContain('canary')
  })

  it('names the state folder that it cannot make', async () => {
    await writeFile(join(homedir(), 'a-file'), '')

    const failed = await failToStart(['--port', '0'], {
      ...process.env,
      SIMPLETUNER_STATE_DIR: join(homedir(), 'a-file'),
    })

    expect([failed.code, failed.stderr.trim().split('\n').length]).toEqual([1, 1])
    expect(failed.stderr).toContain('Cannot open the state folder')
  })

  it('explains its options', async () => {
    expect(await failToStart(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--port PORT'),
      stderr: '',
    })
  })
})
