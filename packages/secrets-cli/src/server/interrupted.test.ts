import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { jsonAnswer, type LoopbackServer, startScriptedServer } from '@st/test-servers'
import { expect, it, vi } from 'vitest'
import { runCli, type RunResult } from '../__fixtures__/run-cli.ts'
import { serverEnv } from './__fixtures__/at-server.ts'

/** Ctrl-C as soon as a condition holds. */
async function interrupted(server: LoopbackServer, args: readonly string[], when: () => unknown): Promise<RunResult> {
  return runCli(args, {
    env: serverEnv(server),
    whileRunning: async child => {
      await vi.waitFor(when, { timeout: 30_000, interval: 10 })
      child.kill('SIGINT')
    },
  })
}

it('Ctrl-C ends the waiting for a rotation, and says that the rotation goes on', async () => {
  const rotation = { id: 4, state: 'verifying', isPaused: false, fingerprint: 'ab', total: 9, processed: 1, failed: 0 }
  await using server = await startScriptedServer(() =>
    jsonAnswer(200, { ...rotation, startedAt: '2026-01-31T12:00:00Z', progress: 0.1 }),
  )

  const result = await interrupted(server, ['rotate-key'], () => expect(server.requests.length).toBeGreaterThan(1))

  expect(result).toMatchObject({ code: 130, stdout: '' })
  expect(result.stderr).toContain(`Rotation 4 goes on at ${server.url}`)
})

it.each([
  ['backup', ['backup', 'one', '--without-keys'], 'application/octet-stream'],
  ['export', ['audit', 'export', '--output', 'one'], 'application/x-ndjson'],
])('Ctrl-C in the middle of a %s leaves nothing behind', async (_name, args, type) => {
  const headers = { 'content-type': type }
  await using server = await startScriptedServer(() => ({ status: 200, headers, body: '{}\n'.repeat(10_000) }))
  server.break({ kind: 'drip', intervalMs: 20 })
  const files = (): readonly string[] => readdirSync(homedir()).filter(name => name.includes('one'))

  const result = await interrupted(server, args, () => expect(files()).toHaveLength(1))

  expect(result).toMatchObject({ code: 130, stdout: '' })
  expect(files()).toEqual([])
})
