import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { FileSecretProvider } from '../file-secret-provider.ts'
import { startChild } from './child-program.ts'
import { seededRandom } from './seeded-random.ts'
import { valueOf } from './written-value.ts'

/** What came of many writers that were killed in the middle of their work. */
export interface KillReport {
  readonly trials: number
  /** Kills that came in the middle of a write: the lock was left. */
  readonly interrupted: number
  /** Files that could not be read, or held a piece of a value, or had another mode than 0600. */
  readonly torn: number
  /** Writes that a writer had said to be stored and that were not there. */
  readonly lost: number
  /** Files that were left beside the file after the next write. */
  readonly leftBehind: number
  /** Longest time that the write after a kill took. */
  readonly slowestNextWriteMs: number
}

const none: KillReport = { trials: 0, interrupted: 0, torn: 0, lost: 0, leftBehind: 0, slowestNextWriteMs: 0 }

/**
 * Kills writers at random moments, each of them while it stores one value after the other in a file.
 *
 * @param directory - Empty; one file a lane is made there.
 * @param trials - How many writers are killed, in two lanes at a time.
 */
export async function runKillTrials(directory: string, trials: number, seed: number): Promise<KillReport> {
  const lanes = [Math.ceil(trials / 2), Math.floor(trials / 2)].map(async (count, lane) =>
    runLane(
      join(directory, `lane-${lane}`, lane === 0 ? 'secrets.json' : 'secrets.yaml'),
      count,
      seededRandom(seed + lane),
    ),
  )
  return (await Promise.all(lanes)).reduce(sum)
}

async function runLane(filePath: string, count: number, random: (below: number) => number): Promise<KillReport> {
  mkdirSync(dirname(filePath), { mode: 0o700 })
  // Both JSON and YAML.
  writeFileSync(filePath, '{"KEPT": "from before"}\n', { mode: 0o600 })
  let report = none
  let stored = 0
  for (let trial = 0; trial < count; trial += 1) {
    const writer = startChild({ name: 'writer.ts' }, filePath, 'VALUE', String(stored + 1), '1000000000', 'one')
    const said = await killWhileWriting(writer, { acknowledged: 1 + random(3), delayMs: random(8) })
    const isInterrupted = existsSync(`${filePath}.lock`)
    const check = await checkedAfterKill(filePath, said)
    report = sum(report, { ...check.report, trials: 1, interrupted: isInterrupted ? 1 : 0 })
    stored = check.stored
  }
  return report
}

interface Moment {
  /** How many writes the writer has to say that it stored before. */
  readonly acknowledged: number
  /** A write takes some milliseconds, and the next one follows at once. */
  readonly delayMs: number
}

/** Returns the number that the writer said last. */
async function killWhileWriting(writer: ChildProcess, { acknowledged, delayMs }: Moment): Promise<number> {
  const ended = once(writer, 'exit')
  if (!writer.stdout) throw new Error('the writer has no output')
  let said = 0
  let count = 0
  for await (const line of createInterface(writer.stdout)) {
    said = Number(line)
    count += 1
    if (count === acknowledged) setTimeout(() => writer.kill('SIGKILL'), delayMs)
  }
  await ended
  return said
}

async function checkedAfterKill(
  filePath: string,
  said: number,
): Promise<{ readonly stored: number; readonly report: KillReport }> {
  const provider = new FileSecretProvider({ filePath })
  const document = await provider.readDocument().catch(() => undefined)
  const value = document?.values.get('VALUE')
  const stored = value === undefined ? 0 : Number(value.split(' ')[1])
  const isWhole =
    document?.values.get('KEPT') === 'from before' &&
    (value === undefined || value === valueOf('VALUE', stored)) &&
    (statSync(filePath).mode & 0o777) === 0o600
  const startedMs = performance.now()
  await provider.setSecret('NEXT', String(startedMs))
  const slowestNextWriteMs = performance.now() - startedMs
  const others = readdirSync(dirname(filePath)).filter(name => name !== basename(filePath))
  return {
    stored,
    report: {
      ...none,
      torn: isWhole ? 0 : 1,
      // The last write may have reached the disk before the writer could say so.
      lost: stored === said || stored === said + 1 ? 0 : 1,
      leftBehind: others.length,
      slowestNextWriteMs,
    },
  }
}

function sum(first: KillReport, second: KillReport): KillReport {
  return {
    trials: first.trials + second.trials,
    interrupted: first.interrupted + second.interrupted,
    torn: first.torn + second.torn,
    lost: first.lost + second.lost,
    leftBehind: first.leftBehind + second.leftBehind,
    slowestNextWriteMs: Math.max(first.slowestNextWriteMs, second.slowestNextWriteMs),
  }
}
