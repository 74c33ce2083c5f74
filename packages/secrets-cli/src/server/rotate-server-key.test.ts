import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { expect, it } from 'vitest'
import { asked, atServer } from './__fixtures__/at-server.ts'

const begun = {
  id: 4,
  state: 'reencrypting',
  isPaused: false,
  fingerprint: 'abcdef',
  total: 10,
  processed: 0,
  failed: 0,
  startedAt: '2026-01-31T12:00:00.000Z',
  progress: 0,
}

/** A rotation that is begun, and then at each look one step further; the last stays. */
function startRotation(...steps: readonly object[]): Promise<LoopbackServer> {
  let next = 0
  return startScriptedServer(({ method, path }) => {
    if (path === '/api/keys') return jsonAnswer(200, key)
    const step = method === 'POST' ? {} : steps[Math.min(next++, steps.length - 1)]
    return jsonAnswer(method === 'POST' ? 202 : 200, { ...begun, ...step })
  })
}

const key = { source: 'file', fingerprint: '123456', ageDays: 40, previousFingerprint: '654321', rotation: begun }

it('waits until everything is encrypted anew', async () => {
  await using server = await startRotation({ progress: 0.5 }, { state: 'done', progress: 1 })

  const { code, stdout } = await atServer(server, ['rotate-key'])

  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Rotation 4 to key abcdef is done: 10 values.\n' })
  expect(asked(server)).toEqual(['POST /api/keys/rotation', 'GET /api/keys/rotation', 'GET /api/keys/rotation'])
})

it.each([
  [{ state: 'failed', failed: 2 }, 6, 'has failed: 2 of 10 values cannot be decrypted'],
  [{ isPaused: true, progress: 0.53, secondsLeft: 3.2 }, 7, 'is paused: reencrypting, 53 % of 10 values, 4 s left'],
])('ends with a rotation that is %o', async (step, code, sentence) => {
  await using server = await startRotation(step)

  const outcome = await atServer(server, ['rotate-key'])

  expect(outcome.code).toBe(code)
  expect(outcome.stdout).toContain(sentence)
})

it('does not wait with --no-wait', async () => {
  await using server = await startRotation({})

  const { code, stdout } = await atServer(server, ['rotate-key', '--no-wait', '--json'])

  expect(code).toBe(0)
  expect(JSON.parse(stdout).rotation).toMatchObject({ state: 'reencrypting', finishedAt: null, rate: null })
  expect(server.requests).toHaveLength(1)
})

it('looks, pauses and goes on', async () => {
  await using server = await startRotation({ state: 'done' })

  const status = await atServer(server, ['rotate-key', '--status'])
  const paused = await atServer(server, ['rotate-key', '--pause'])
  const resumed = await atServer(server, ['rotate-key', '--resume', '--no-wait'])

  expect([status.code, paused.code, resumed.code]).toEqual([0, 0, 0])
  expect(status.stdout).toBe(
    'Key 123456 from a file, 40 days old\n' +
      'Key 654321 of before is still needed\n' +
      'Rotation 4 to key abcdef goes on: reencrypting, 0 % of 10 values.\n',
  )
  expect(asked(server)).toEqual(['GET /api/keys', 'POST /api/keys/rotation/pause', 'POST /api/keys/rotation/resume'])
})

it('says that the rotation goes on when the server cannot be asked any more', async () => {
  await using server = await startRotation({ progress: 0.5 })
  server.break({ kind: 'reset' }, ({ method }) => method === 'GET')

  const { code, stderr } = await atServer(server, ['rotate-key'])

  expect(code).toBe(4)
  expect(stderr).toMatch(/Rotation 4 goes on at .*[^]*broke off/)
})

it('refuses two things at once', async () => {
  await using server = await startRotation({})

  expect((await atServer(server, ['rotate-key', '--pause', '--resume'])).code).toBe(2)
  expect(server.requests).toEqual([])
})
