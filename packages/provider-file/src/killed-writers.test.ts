import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startChild } from './__fixtures__/child-program.ts'
import { runKillTrials } from './__fixtures__/kill-trials.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

/** With the trials at each system call 200 kills; `npm run test:long` makes two thousand. */
const randomTrials = process.env['ST_LONG_TESTS'] === '1' ? 2000 : 100

interface Operation {
  readonly name: string
  readonly verb: 'set' | 'delete'
  readonly before: string | undefined
  readonly after: string
}

const before = '{\n  "KEPT": "kept",\n  "TOKEN": "old"\n}\n'
const operations: readonly Operation[] = [
  { name: 'set, which makes the file', verb: 'set', before: undefined, after: '{\n  "TOKEN": "new"\n}\n' },
  { name: 'set', verb: 'set', before, after: before.replace('old', 'new') },
  { name: 'delete', verb: 'delete', before, after: '{\n  "KEPT": "kept"\n}\n' },
]

interface Trial {
  readonly isKilled: boolean
  readonly text: string | undefined
  readonly mode: number | undefined
  readonly leftBehind: readonly string[]
  readonly afterNextWrite: readonly string[]
}

async function killAt({ verb, before: text }: Operation, ordinal: number): Promise<Trial> {
  const directory = join(homedir(), `${verb}-${ordinal}`)
  const filePath = join(directory, 'secrets.json')
  mkdirSync(directory, { mode: 0o700 })
  if (text !== undefined) writeFileSync(filePath, text, { mode: 0o600 })
  const [, signal] = (await once(
    startChild({ name: 'killed-at-call.ts' }, filePath, verb, String(ordinal)),
    'exit',
  )) as [unknown, string | null]
  const found = existsSync(filePath) ? readFileSync(filePath, 'utf8') : undefined
  const mode = found === undefined ? undefined : statSync(filePath).mode & 0o777
  const leftBehind = readdirSync(directory).filter(name => name !== 'secrets.json')
  await new FileSecretProvider({ filePath }).setSecret('NEXT', 'x')
  return { isKilled: signal === 'SIGKILL', text: found, mode, leftBehind, afterNextWrite: readdirSync(directory) }
}

/** One trial for each call that the operation makes, two at a time. */
async function killAtEach(operation: Operation): Promise<readonly Trial[]> {
  const trials: Trial[] = []
  for (let ordinal = 1; ; ordinal += 2) {
    const pair = await Promise.all([killAt(operation, ordinal), killAt(operation, ordinal + 1)])
    trials.push(...pair.filter(({ isKilled }) => isKilled))
    if (!pair.every(({ isKilled }) => isKilled)) return trials
  }
}

describe('a writer that is killed at any one of its system calls', () => {
  it.each(operations)(
    'leaves the old file or the new one, and nothing after the next write: $name',
    async operation => {
      const trials = await killAtEach(operation)

      expect(trials.length).toBeGreaterThan(25)
      for (const { text, mode, afterNextWrite } of trials) {
        expect([operation.before, operation.after]).toContain(text)
        expect([undefined, 0o600]).toContain(mode)
        expect(afterNextWrite).toEqual(['secrets.json'])
      }
      // Or else nothing was interrupted.
      expect(trials.some(({ leftBehind }) => leftBehind.some(name => name.endsWith('.tmp')))).toBe(true)
      expect(trials.some(({ leftBehind }) => leftBehind.includes('secrets.json.lock'))).toBe(true)
      expect(trials.some(({ text }) => text === operation.before)).toBe(true)
      expect(trials.some(({ text }) => text === operation.after)).toBe(true)
    },
  )
})

describe('writers that are killed at random moments', () => {
  it(`lose nothing that they have said to be stored, ${randomTrials} times`, { timeout: 1_800_000 }, async () => {
    const report = await runKillTrials(homedir(), randomTrials, 2026)

    expect(report).toMatchObject({ trials: randomTrials, torn: 0, lost: 0, leftBehind: 0 })
    // Or else the kills have all come between two writes, and prove nothing.
    expect(report.interrupted).toBeGreaterThan(randomTrials / 4)
  })
})
