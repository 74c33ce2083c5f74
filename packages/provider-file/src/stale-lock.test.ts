import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimPath } from './leftovers.ts'
import { thisProcess } from './lock-holder.ts'
import { findMark, makeMark } from './lock-mark.ts'
import type { LockMark } from './lock-mark.ts'
import { isStale, removeStale } from './stale-lock.ts'
import type { StaleMark } from './stale-lock.ts'

const old = new Date(Date.now() - 11_000)

function filePath(): string {
  return join(homedir(), 'secrets.json')
}

/** A lock of the file, as somebody found it. */
async function found(label: string): Promise<StaleMark> {
  const path = `${filePath()}.lock`
  writeFileSync(path, label)
  const mark = await findMark(path)
  if (!mark) throw new Error('the lock is there')
  return { filePath: filePath(), path, mark, label: await labelOf(process.pid) }
}

/** What a process of this machine writes into a lock. */
async function labelOf(pid: number): Promise<string> {
  const { machine } = await thisProcess()
  return JSON.stringify({ pid, machine, token: 'x' })
}

/** A process that was there and is no more. */
function finishedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

describe('isStale', () => {
  const mark: LockMark = { identity: 'i', label: '', ageMs: 0 }

  it.each([
    ['of a process that has ended', async () => ({ ...mark, label: await labelOf(finishedPid()) }), true],
    ['of a process that runs', async () => ({ ...mark, label: await labelOf(process.pid), ageMs: 9000 }), false],
    ['that is old', async () => ({ ...mark, label: await labelOf(process.pid), ageMs: 11_000 }), true],
    ['of another machine', async () => ({ ...mark, label: '{"pid":1,"machine":"m"}', ageMs: 9000 }), false],
    ['without a name, that is new', async () => ({ ...mark, ageMs: 500 }), false],
    ['without a name', async () => ({ ...mark, ageMs: 1500 }), true],
    ['of another user', async () => ({ ...mark, label: undefined, ageMs: 9000 }), false],
    ['of another user, that is old', async () => ({ ...mark, label: undefined, ageMs: 11_000 }), true],
  ])('of a lock %s: %#', async (_which, lock, expected) => {
    expect(await isStale(await lock())).toBe(expected)
  })
})

describe('removeStale', () => {
  it('takes the lock away that was found stale, and leaves nothing behind', async () => {
    const stale = await found('stale')

    const isGone = await removeStale(stale)

    expect(isGone).toBe(true)
    expect(readdirSync(homedir())).toEqual([])
  })

  it('leaves a lock alone that somebody has taken in between', async () => {
    const stale = await found('stale')
    rmSync(stale.path)
    await makeMark(stale.path, 'fresh')

    await removeStale(stale)

    expect(readFileSync(stale.path, 'utf8')).toBe('fresh')
    expect(readdirSync(homedir())).toEqual(['secrets.json.lock'])
  })

  it('does nothing when somebody has taken the lock away already', async () => {
    const stale = await found('stale')
    rmSync(stale.path)

    await removeStale(stale)

    expect(readdirSync(homedir())).toEqual([])
  })

  it('leaves it to another process that is about to take the lock away', async () => {
    const stale = await found('stale')
    const claim = claimPath(filePath(), stale.mark.identity)
    await makeMark(claim, await labelOf(process.pid))

    const isGone = await removeStale(stale)

    expect(isGone).toBe(false)
    expect(readFileSync(stale.path, 'utf8')).toBe('stale')
    expect(existsSync(claim)).toBe(true)
  })

  it.each([
    ['at once for a process that was killed while it took a lock away', async () => labelOf(finishedPid()), new Date()],
    ['for one that was killed before it could name itself', async () => '', old],
    ['for one that has been held up for ten seconds', async () => labelOf(process.pid), old],
  ])('does not wait %s', async (_whom, label, claimedAt) => {
    const stale = await found('stale')
    const claim = claimPath(filePath(), stale.mark.identity)
    await makeMark(claim, await label())
    utimesSync(claim, claimedAt, claimedAt)

    const outcomes = [await removeStale(stale), await removeStale(stale)]

    expect(outcomes).toEqual([false, true])
    expect(readdirSync(homedir())).toEqual([])
  })
})
