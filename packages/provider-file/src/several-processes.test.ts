import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './__fixtures__/seeded-random.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

/** A share of the trials; `npm run test:long` runs them all. */
const kills = process.env['ST_LONG_TESTS'] === '1' ? 200 : 4

const writerPath = fileURLToPath(new URL('__fixtures__/writer.ts', import.meta.url))

function startWriter(filePath: string, prefix: string, count: number): ChildProcess {
  const args = ['--conditions=@st/source', '--no-warnings', writerPath, filePath, prefix, String(count)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills the writer in the middle of a write, once it has said that it stored this many; returns how many it did. */
async function killWhileWriting(writer: ChildProcess, filePath: string, moment: Moment): Promise<number> {
  let stored = 0
  const ended = once(writer, 'exit')
  if (!writer.stdout) throw new Error('the writer has no output')
  for await (const line of createInterface(writer.stdout)) {
    stored = Number(line) + 1
    if (stored === moment.stored) {
      while (!existsSync(`${filePath}.lock`)) await nextTurn()
      for (let turn = 0; turn < moment.turns; turn += 1) await nextTurn()
      writer.kill('SIGKILL')
    }
  }
  await ended
  return stored
}

interface Moment {
  readonly stored: number
  /** Turns of the event loop after the lock was seen. */
  readonly turns: number
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

describe.each(['secrets.json', 'secrets.yaml'])('%s, written by several processes', name => {
  it('has all 200 keys after two processes have stored 100 each', { timeout: 60_000 }, async () => {
    const filePath = join(homedir(), name)

    const codes = await Promise.all(
      ['A', 'B'].map(async prefix => (await once(startWriter(filePath, prefix, 100), 'exit'))[0] as unknown),
    )

    const document = await new FileSecretProvider({ filePath }).readDocument()
    expect(codes).toEqual([0, 0])
    expect(document?.values.size).toBe(200)
    expect(document?.values.get('A_99')).toBe('value of A 99')
    expect(readdirSync(homedir())).toEqual([name])
  })
})

describe('a file whose writer is killed', () => {
  it(`can be read, has mode 0600 and every key that was stored, ${kills} times`, { timeout: 600_000 }, async () => {
    const filePath = join(homedir(), 'secrets.json')
    const provider = new FileSecretProvider({ filePath })
    const random = seededRandom(9)
    writeFileSync(filePath, '{"KEPT": "from before"}', { mode: 0o600 })
    let expected = 1
    let interrupted = 0

    for (let round = 0; round < kills; round += 1) {
      const stored = await killWhileWriting(startWriter(filePath, `R${round}`, 1000), filePath, {
        stored: 1 + random(5),
        turns: random(60),
      })

      interrupted += existsSync(`${filePath}.lock`) ? 1 : 0
      const document = await provider.readDocument()
      const found = document?.values.size ?? 0
      expect(statSync(filePath).mode & 0o777).toBe(0o600)
      // The last write may have reached the disk before the writer could say so.
      expect([expected + stored, expected + stored + 1]).toContain(found)
      expect(document?.values.get(`R${round}_${stored - 1}`)).toBe(`value of R${round} ${stored - 1}`)
      expected = found
    }

    await provider.setSecret('LAST', 'sweeps up')
    // Or else the kills have all come between two writes, and prove nothing.
    expect(interrupted).toBeGreaterThan(0)
    expect(readdirSync(homedir())).toEqual(['secrets.json'])
    expect(await provider.getSecret('KEPT')).toBe('from before')
  })
})
