import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { FileSecretProvider } from '../file-secret-provider.ts'
import { startChild } from './child-program.ts'
import { seededRandom } from './seeded-random.ts'
import { valueOf } from './written-value.ts'

/** What came of many writers of one file, some of which were killed again and again. */
export interface CrowdReport {
  readonly kills: number
  /** Writes that a writer had said to be stored and that were not there in the end. */
  readonly lost: number
  /** Files beside the file, after one more write. */
  readonly leftBehind: number
  /** Longest time that nobody could write. */
  readonly longestPauseMs: number
}

/** Size of a crowd. */
export interface Crowd {
  readonly writers: number
  readonly writes: number
  readonly seed: number
}

/** Lets many processes write to a file, each its own keys; a killed one is followed by another that goes on. */
export async function runCrowdTrial(filePath: string, { writers, writes, seed }: Crowd): Promise<CrowdReport> {
  const random = seededRandom(seed)
  let kills = 0
  let lastMs: number | undefined
  let longestPauseMs = 0

  const run = async (prefix: string): Promise<void> => {
    for (let stored = 0; stored < writes;) {
      const child = startChild({ name: 'writer.ts' }, filePath, prefix, String(stored + 1), String(writes))
      const ended = once(child, 'exit')
      // Two of three are killed on the way.
      const killAfter = random(3) === 0 ? writes : 1 + random(writes / 2)
      let count = 0
      if (!child.stdout) throw new Error('the writer has no output')
      for await (const line of createInterface(child.stdout)) {
        stored = Number(line)
        longestPauseMs = Math.max(longestPauseMs, performance.now() - (lastMs ?? performance.now()))
        lastMs = performance.now()
        count += 1
        if (count === killAfter && child.kill('SIGKILL')) kills += 1
      }
      await ended
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, index) => run(`P${index}`)))

  const provider = new FileSecretProvider({ filePath })
  await provider.setSecret('NEXT', 'x')
  const document = await provider.readDocument()
  const expected = Array.from({ length: writers }, (_, index) => index).flatMap(writer =>
    Array.from(
      { length: writes },
      (_, write) => [`P${writer}_${write + 1}`, valueOf(`P${writer}`, write + 1)] as const,
    ),
  )
  const lost = expected.filter(([key, value]) => document?.values.get(key) !== value).length
  const leftBehind = readdirSync(dirname(filePath)).filter(name => name !== basename(filePath)).length
  return { kills, lost, leftBehind, longestPauseMs }
}
