import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { jsonAnswer, startScriptedServer } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { hasTerminals, inTerminal } from '../__fixtures__/terminal.ts'
import { canary, serverEnv } from './__fixtures__/at-server.ts'

if (!hasTerminals) process.emitWarning('Nothing is tested in a terminal: python3 with its module pty is not installed.')

describe.runIf(hasTerminals)('in a terminal', () => {
  it.each([
    ['yes', 'y', 0, 'Forgot 3 entries of secrets.'],
    ['no', 'n', 130, 'Nothing was done.'],
    ['Enter', '\r', 130, 'Nothing was done.'],
    ['Ctrl-C', '\u0003', 130, 'Forget 3 entries'],
  ])('what is asked for is done only for yes: %s', async (_name, ...[typed, code, sentence]) => {
    await using server = await startScriptedServer(() => jsonAnswer(200, { count: 3 }))
    const question = 'Forget 3 entries of the cache secrets'

    const result = await inTerminal(['cache', 'clear', 'secrets', '--all'], [[question, typed]], serverEnv(server))

    expect(result.code).toBe(code)
    expect(result.printed).toContain(sentence)
    expect(server.requests).toHaveLength(code === 0 ? 2 : 1)
  })

  it('a passphrase is asked for twice, and not shown', async () => {
    await using server = await startScriptedServer(() => jsonAnswer(200, {}))
    const steps = [
      ['Passphrase that seals', `${canary} is long\r`],
      ['The same again', `${canary} is not\r`],
    ] as const

    const { code, printed } = await inTerminal(['backup', 'one'], steps, serverEnv(server))

    expect(code).toBe(2)
    expect(printed).toContain('The two passphrases are not the same.')
    expect(printed).not.toMatch(/canary|\*|▪|•/)
    expect(server.requests).toEqual([])
    expect(readdirSync(homedir()).filter(name => name.includes('one'))).toEqual([])
  })

  it('a rotation is drawn as a bar, which is gone when it has ended', async () => {
    const rotation = { id: 4, isPaused: false, fingerprint: 'ab', total: 9, processed: 1, failed: 0, startedAt: 'x' }
    let looks = 0
    await using server = await startScriptedServer(() =>
      jsonAnswer(200, { ...rotation, state: ++looks > 3 ? 'done' : 'verifying', progress: looks / 4 }),
    )

    const { code, printed } = await inTerminal(['rotate-key'], [], serverEnv(server))

    expect(code).toBe(0)
    expect(printed).toMatch(/Changing the key: \d of 9/)
    expect(printed.trimEnd()).toMatch(/Rotation 4 to key ab is done: 9 values\.$/)
  })
})
