import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { expect, it } from 'vitest'
import { atServer } from './__fixtures__/at-server.ts'

const figures = { size: 3, maxSize: 100, hits: 9, misses: 1, hitRatio: 0.9, evictions: 0 }
const caches = [
  { name: 'secrets', figures, loads: { loads: 4, failures: 1, p50Ms: 1.25, p95Ms: 20 } },
  { name: 'prices', loads: { loads: 0, failures: 0 } },
]

function start(): Promise<LoopbackServer> {
  return startScriptedServer(({ method }) => jsonAnswer(200, method === 'GET' ? { caches } : { count: 3 }))
}

it('stats shows all caches or one, as a table or with every member', async () => {
  await using server = await start()

  const table = await atServer(server, ['cache', 'stats'])
  const one = await atServer(server, ['cache', 'stats', 'prices', '--json'])
  const none = await atServer(server, ['cache', 'stats', 'nowhere'])

  expect(table.stdout.split('\n')[1]).toMatch(/^secrets +3 of 100 +9 +1 +90\.0 % +0 +4 +1 +1\.3 ms +20\.0 ms$/)
  expect(JSON.parse(one.stdout)).toEqual({
    caches: [{ name: 'prices', figures: null, loads: { loads: 0, failures: 0, p50Ms: null, p95Ms: null } }],
  })
  expect(none.code).toBe(3)
  expect(none.stderr).toContain('It has secrets, prices.')
})

it.each([
  [['--all'], { all: true }],
  [['--key', 'a'], { key: 'a' }],
  [['--prefix', 'user:'], { prefix: 'user:' }],
])('clear %j counts first and clears once that is agreed', async (flags, selection) => {
  await using server = await start()

  const asking = await atServer(server, ['cache', 'clear', 'secrets', ...flags])
  const before = server.requests.map(({ body }) => JSON.parse(body))
  const agreed = await atServer(server, ['cache', 'clear', 'secrets', ...flags, '--yes'])

  expect([asking.code, agreed.code]).toEqual([2, 0])
  expect(before).toEqual([{ ...selection, dryRun: true }])
  expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual({ ...selection, dryRun: false })
  expect(agreed.stderr).toContain('Forgot 3 entries of secrets.')
})

it('clear --dry-run only counts', async () => {
  await using server = await start()

  const { stdout } = await atServer(server, ['cache', 'clear', 'secrets', '--all', '--dry-run', '--json'])

  expect(JSON.parse(stdout)).toEqual({ cache: 'secrets', count: 3, dryRun: true })
  expect(server.requests).toHaveLength(1)
})

it.each([[[]], [['--all', '--key', 'a']]])('clear %j does not say what to forget', async flags => {
  await using server = await start()

  const { code, stderr } = await atServer(server, ['cache', 'clear', 'secrets', '--yes', ...flags])

  expect(code).toBe(2)
  expect(stderr).toContain('one of --key, --prefix and --all')
  expect(server.requests).toEqual([])
})
