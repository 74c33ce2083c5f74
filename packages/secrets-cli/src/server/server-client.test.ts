import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { jsonAnswer, startScriptedServer } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../__fixtures__/in-process.ts'
import { asked, atServer, canary, serverEnv, token } from './__fixtures__/at-server.ts'

const caches = jsonAnswer(200, { caches: [] })

/** Whatever is asked gets this answer. */
function always(answer: ReturnType<typeof jsonAnswer>) {
  return startScriptedServer(() => answer)
}

describe('a refusal', () => {
  it.each([
    [400, 6],
    [401, 5],
    [403, 5],
    [404, 3],
    [408, 4],
    [409, 7],
    [412, 7],
    [421, 2],
    [422, 6],
    [429, 4],
    [500, 4],
    [503, 4],
  ])('with status %s ends with %s, in the words of the server', async (status, code) => {
    const problem = { title: 'No', detail: 'The server says why.', code: 'SOME_CODE', requestId: 'r-1' }
    await using server = await always(jsonAnswer(status, problem))

    const told = await atServer(server, ['cache', 'stats'])
    const json = await atServer(server, ['cache', 'stats', '--json'])

    expect(told).toMatchObject({ code, stdout: '' })
    expect(told.stderr).toContain(`The server says why. (${status} SOME_CODE, request r-1)`)
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { message: expect.stringContaining('says why') } })
  })

  it('that repeats what was sent, or moves the cursor, is shown without', async () => {
    const detail = `You sent ${token} and ${canary}-value\u001B[2J\u202E`
    await using server = await always(jsonAnswer(400, { detail }))

    const { code, stdout, stderr } = await atServer(server, ['credentials', 'add', 'p', 'n'], `${canary}-value`)

    expect(code).toBe(6)
    expect(stdout + stderr).not.toContain(canary)
    expect(stderr).toContain('You sent ******** and ********\\u001b[2J\\u202e')
  })

  it.each([
    ['a page of a proxy', { status: 502, headers: { 'content-type': 'text/html' }, body: `<b>${canary}</b>` }],
    ['JSON of another kind', jsonAnswer(502, [canary])],
    ['nothing', { status: 502 }],
    ['more than anybody reads', { status: 502, body: canary.repeat(10_000) }],
  ])('that is %s is not repeated', async (_name, answer) => {
    await using server = await always(answer)

    const { code, stdout, stderr } = await atServer(server, ['cache', 'stats'])

    expect(code).toBe(4)
    expect(stderr).toContain('The server refuses this without saying why (502)')
    expect(stdout + stderr).not.toContain(canary)
  })

  it('says when to come again', async () => {
    await using server = await always({ status: 429, headers: { 'retry-after': '7' } })

    expect((await atServer(server, ['cache', 'stats'])).stderr).toContain('Try again in 7 s.')
  })

  it('that sends on to another address is not followed: that would get the token', async () => {
    await using other = await always(caches)
    await using server = await always({ status: 307, headers: { location: other.url } })

    const { code, stderr } = await atServer(server, ['cache', 'stats'])

    expect(code).toBe(2)
    expect(stderr).toContain('sends on to another address (307)')
    expect(other.requests).toEqual([])
  })
})

describe('an answer', () => {
  it.each([
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['nothing', { status: 200 }],
    ['JSON of another kind', jsonAnswer(200, [1])],
    ['without a member', jsonAnswer(200, { caches: [{ name: 'a' }] })],
    ['with a member of another type', jsonAnswer(200, { caches: [{ name: 7, loads: { loads: 0, failures: 0 } }] })],
    ['half of it', { status: 200, body: '{"caches":[' }],
  ])('that is %s is told as such', async (_name, answer) => {
    await using server = await always(answer)

    const { code, stdout, stderr } = await atServer(server, ['cache', 'stats'])

    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(stderr).toContain('cannot be understood')
  })

  it.each([true, false])('that is huge is given up (announced: %s)', async announced => {
    await using server = await always(caches)
    server.break({ kind: 'huge', bytes: 2 ** 30, announced })

    const { code } = await atServer(server, ['cache', 'stats'])

    expect(code).toBe(6)
    expect(server.bytesSent).toBeLessThan(2 ** 26)
  })

  it('that unpacks to far more than it is, is given up', async () => {
    await using server = await always(caches)
    server.break({ kind: 'gzip_bomb', bytes: 2 ** 28 })

    expect((await atServer(server, ['cache', 'stats'])).code).toBe(6)
  })

  it('with names from elsewhere cannot move the cursor', async () => {
    const cache = { name: 'a\u001B[2J\nb', loads: { loads: 0, failures: 0 } }
    await using server = await always(jsonAnswer(200, { caches: [cache] }))

    expect((await atServer(server, ['cache', 'stats'])).stdout).toContain('a\\u001b[2J\\u000ab')
  })
})

describe('a connection', () => {
  it('that is refused names the address and the reason', async () => {
    await using server = await always(caches)
    await server.refuse()

    const { code, stderr } = await atServer(server, ['cache', 'stats'])

    expect(code).toBe(4)
    expect(stderr).toContain(`${server.url} cannot be reached (ECONNREFUSED).`)
  })

  it.each(['reset', 'close', 'garbage', 'truncated', 'reset_midway'] as const)(
    'that ends with %s may be tried again, unless something may have been done',
    async kind => {
      await using server = await always(caches)
      server.break({ kind })

      const read = await atServer(server, ['cache', 'stats'])
      const written = await atServer(server, ['credentials', 'activate', 'p', 'n'])

      expect([read.code, written.code]).toEqual([4, 4])
      expect(read.stderr).toContain('Try again.')
      expect(written.stderr).toContain('It is not known whether it was done')
    },
  )

  it.each(['hang', 'drip'] as const)('that is slow (%s) has the time of --timeout', async kind => {
    await using server = await always(caches)
    server.break(kind === 'drip' ? { kind, intervalMs: 50 } : { kind })

    const { code, stderr } = await atServer(server, ['cache', 'stats', '--timeout', '0.1'])

    expect(code).toBe(4)
    expect(stderr).toContain('did not answer within 0.1 s.')
  })

  it('with a certificate that nobody knows is refused, and says how to trust it', async () => {
    await using server = await startScriptedServer(() => caches, { tls: true })

    const { code, stderr } = await atServer(server, ['cache', 'stats'])

    expect(code).toBe(4)
    expect(stderr).toMatch(/cannot be trusted \(.*CERT.*\)[^]*NODE_EXTRA_CA_CERTS/)
    expect(server.requests).toEqual([])
  })
})

describe('the token', () => {
  it('is sent in a header alone, from a file or from ST_TOKEN', async () => {
    await using server = await always(caches)
    mkdirSync(homedir(), { recursive: true })
    writeFileSync(join(homedir(), 'token'), `${token}-of-file\n`, { mode: 0o600 })

    const outcomes = [
      await atServer(server, ['cache', 'stats']),
      await atServer(server, ['cache', 'stats', '--token-file', 'token']),
    ]

    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([
      `Bearer ${token}`,
      `Bearer ${token}-of-file`,
    ])
    expect(asked(server).join()).not.toContain(canary)
  })

  it('in a file that others can read is used with a warning', async () => {
    await using server = await always(caches)
    writeFileSync(join(homedir(), 'open'), token)
    chmodSync(join(homedir(), 'open'), 0o644)

    const { code, stderr } = await atServer(server, ['cache', 'stats', '--token-file', 'open'])

    expect(code).toBe(0)
    expect(stderr).toContain('Others can read open')
    expect(stderr).not.toContain(canary)
  })

  it.each([
    ['missing', undefined, 2],
    ['empty', ' \n', 2],
    ['two words', `${canary} ${canary}`, 6],
    ['two lines', `${canary}\r\nx-evil: 1`, 6],
    ['too long', canary.repeat(100), 6],
    ['no ASCII', `${canary}ä`, 6],
  ])('that is %s is refused before anybody is asked', async (_name, given, code) => {
    await using server = await always(caches)
    const env = { ...serverEnv(server), ST_TOKEN: given }

    const outcome = await inProcess(['cache', 'stats'], { env })

    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toMatch(/There is no API token|ST_TOKEN holds no API token/)
    expect(outcome.stderr).not.toContain(canary)
    expect(server.requests).toEqual([])
  })

  it('of a file that is not there is told with its name', async () => {
    await using server = await always(caches)

    const { code, stderr } = await atServer(server, ['cache', 'stats', '--token-file', 'nowhere'])

    expect(code).toBe(3)
    expect(stderr).toContain('Reading nowhere failed (ENOENT)')
  })

  it('has no flag: others could read it there', async () => {
    await using server = await always(caches)

    const { code, stderr } = await atServer(server, ['cache', 'stats', '--token', token])

    expect(code).toBe(2)
    expect(stderr).toContain('--token-file')
    expect(stderr).not.toContain(canary)
  })
})
