import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { expect, it } from 'vitest'
import { asked, atServer } from './__fixtures__/at-server.ts'

const receipt = { sequence: 2, hash: 'ab', signature: 'cd' }
const whole = `{"sequence":1}\n{"sequence":2}\n${JSON.stringify({ receipt })}\n`
const ndjson = { 'content-type': 'application/x-ndjson; charset=utf-8' }

function startLog(body = whole, headers: Readonly<Record<string, string>> = ndjson): Promise<LoopbackServer> {
  return startScriptedServer(() => ({ status: 200, headers, body }))
}

it('verify tells an unbroken log, or a part of it', async () => {
  const found = { valid: true, checked: 12, problemCount: 0, problems: [] }
  await using server = await startScriptedServer(() => jsonAnswer(200, found))

  const told = await atServer(server, ['audit', 'verify', '--from', '3', '--to', '14'])

  expect(told).toMatchObject({ code: 0, stdout: 'The audit log is as it was written: 12 entries checked.\n' })
  expect(asked(server)).toEqual(['GET /api/audit/verify?from=3&to=14'])
})

it('verify ends with 6 for a broken log, and says where it is', async () => {
  const problems = [
    { kind: 'changed', sequence: 4, count: 1 },
    { kind: 'missing', sequence: 6, count: 3 },
    { kind: 'anchor', sequence: 0, count: 1 },
    { kind: 'new\u001B', sequence: 9, count: 1 },
  ]
  const found = { valid: false, checked: 12, problemCount: 7, problems }
  await using server = await startScriptedServer(() => jsonAnswer(200, found))

  const told = await atServer(server, ['audit', 'verify'])
  const json = await atServer(server, ['audit', 'verify', '--json'])

  expect([told.code, json.code]).toEqual([6, 6])
  expect(told.stdout.split('\n').slice(1)).toEqual([
    'entry 4: was changed',
    'entry 6 and 2 after it: is missing',
    'the signed end of the log does not fit',
    'entry 9: new\\u001b',
    'and 3 more',
    '',
  ])
  expect(JSON.parse(json.stdout)).toEqual(found)
})

it('verify sends the receipt that an earlier export ends with', async () => {
  await using server = await startScriptedServer(() =>
    jsonAnswer(200, { valid: true, checked: 2, problemCount: 0, problems: [] }),
  )
  writeFileSync(join(homedir(), 'log.ndjson'), whole)
  writeFileSync(join(homedir(), 'part.ndjson'), whole.slice(0, -1))

  const held = await atServer(server, ['audit', 'verify', '--receipt', 'log.ndjson'])
  const part = await atServer(server, ['audit', 'verify', '--receipt', 'part.ndjson'])
  const none = await atServer(server, ['audit', 'verify', '--receipt', 'none.ndjson'])

  expect([held.code, part.code, none.code]).toEqual([0, 6, 3])
  expect(server.requests.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([['POST', { receipt }]])
  expect(part.stderr).toContain('does not end with a receipt')
})

it('export writes the log as it comes, to standard output or to a new file of its owner alone', async () => {
  await using server = await startLog()

  const printed = await atServer(server, ['audit', 'export'])
  const stored = await atServer(server, ['audit', 'export', '--output', 'log.ndjson'])
  const again = await atServer(server, ['audit', 'export', '--output', 'log.ndjson'])

  expect([printed.code, stored.code, again.code]).toEqual([0, 0, 7])
  expect(printed).toMatchObject({ stdout: whole, stderr: '' })
  expect(readFileSync(join(homedir(), 'log.ndjson'), 'utf8')).toBe(whole)
  expect(statSync(join(homedir(), 'log.ndjson')).mode & 0o777).toBe(0o600)
  expect(server.requests).toHaveLength(2)
})

it('export asks for what is named; a part of the log has no receipt', async () => {
  await using server = await startLog('a,b\r\n', { 'content-type': 'text/csv' })
  const filter = ['--type', 'auth.', '--outcome', 'refused', '--actor', '7', '--since', '2026-01-01T00:00:00Z']

  const { code, stdout } = await atServer(server, ['audit', 'export', '--format', 'csv', ...filter])

  expect({ code, stdout }).toEqual({ code: 0, stdout: 'a,b\r\n' })
  expect(asked(server)).toEqual([
    'GET /api/audit/export?format=csv&type=auth.&outcome=refused&actor=7&since=2026-01-01T00%3A00%3A00Z',
  ])
})

it.each([
  ['ends without its receipt', undefined],
  ['is cut off', { kind: 'truncated', announced: false }],
  ['is reset', { kind: 'reset_midway' }],
] as const)('export of a log that %s fails, and leaves no file', async (_name, fault) => {
  await using server = await startLog(fault === undefined ? '{"sequence":1}\n' : whole)
  if (fault !== undefined) server.break(fault)

  const printed = await atServer(server, ['audit', 'export'])
  const stored = await atServer(server, ['audit', 'export', '--output', 'log.ndjson'])

  expect([printed.code, stored.code]).toEqual([4, 4])
  expect(existsSync(join(homedir(), 'log.ndjson'))).toBe(false)
  expect(readdirSync(homedir()).filter(name => name.includes('log.ndjson'))).toEqual([])
})

it('export refuses an answer of another type, and CSV where JSON is wanted', async () => {
  await using server = await startLog('<html>', { 'content-type': 'text/html' })

  const foreign = await atServer(server, ['audit', 'export'])
  const both = await atServer(server, ['audit', 'export', '--json', '--format', 'csv'])

  expect([foreign, both]).toMatchObject([
    { code: 6, stdout: '' },
    { code: 2, stdout: '' },
  ])
})
