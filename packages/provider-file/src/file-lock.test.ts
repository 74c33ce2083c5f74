import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFile, LockLoss, LockTimeout } from './file-lock.ts'
import { thisProcess } from './lock-holder.ts'
import { LockObstacle } from './lock-mark.ts'

function paths(): { readonly filePath: string; readonly lockPath: string } {
  const filePath = join(homedir(), 'secrets.json')
  return { filePath, lockPath: `${filePath}.lock` }
}

/** What a process of this machine writes into a lock. */
async function labelOf(pid: number, startedAt?: string): Promise<string> {
  const { machine } = await thisProcess()
  return JSON.stringify({ pid, machine, startedAt, token: 'x' })
}

/** A process that was there and is no more. */
function finishedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

function leaveLock(lockPath: string, content: string, ageSeconds = 0): void {
  writeFileSync(lockPath, content)
  const then = new Date(Date.now() - ageSeconds * 1000)
  utimesSync(lockPath, then, then)
}

/** A signal that aborts once the waiting has begun. */
function impatient(): AbortSignal {
  return AbortSignal.timeout(30)
}

describe('lockFile', () => {
  it('puts a file beside the other one, for this user only, and removes it', async () => {
    const { filePath, lockPath } = paths()

    const lock = await lockFile(filePath)
    const mode = statSync(lockPath).mode & 0o777
    await lock.confirm()
    await lock.release()

    expect(mode).toBe(0o600)
    expect(readdirSync(homedir())).toEqual([])
  })

  it('lets one holder in at a time', async () => {
    const { filePath } = paths()
    let holders = 0
    let most = 0
    const work = async (): Promise<void> => {
      const lock = await lockFile(filePath)
      holders += 1
      most = Math.max(most, holders)
      await new Promise(resolve => setImmediate(resolve))
      holders -= 1
      await lock.release()
    }

    await Promise.all(Array.from({ length: 20 }, work))

    expect(most).toBe(1)
  })

  it('gives up when the signal aborts, and leaves the lock to its holder', async () => {
    const { filePath, lockPath } = paths()
    const lock = await lockFile(filePath)

    const failure: unknown = await lockFile(filePath, impatient()).catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(LockTimeout)
    expect(failure).toMatchObject({ lockPath, isAborted: true })
    await lock.confirm()
    await lock.release()
    expect(existsSync(lockPath)).toBe(false)
  })

  it('takes no lock when the signal has aborted before', async () => {
    const { filePath, lockPath } = paths()

    await expect(lockFile(filePath, AbortSignal.abort())).rejects.toBeInstanceOf(LockTimeout)

    expect(existsSync(lockPath)).toBe(false)
  })

  it.each([
    ['of a process of this machine that is gone', async () => labelOf(finishedPid()), 0],
    ['that is more than ten seconds old', async () => labelOf(process.pid), 11],
    ['that is old and of another machine', async () => '{"pid":1,"machine":"elsewhere","token":"x"}', 11],
    ['without a name that is more than a second old', async () => '', 2],
    ['with something else in it that is more than a second old', async () => '{"pid":"1"}', 2],
  ])('takes a lock over %s', async (_which, content, ageSeconds) => {
    const { filePath, lockPath } = paths()
    leaveLock(lockPath, await content(), ageSeconds)

    const lock = await lockFile(filePath)

    await lock.confirm()
    await lock.release()
    expect(readdirSync(homedir())).toEqual([])
  })

  it.each([
    ['of a process that runs', async () => labelOf(process.pid), 5],
    ['of another machine', async () => `{"pid":${finishedPid()},"machine":"elsewhere","token":"x"}`, 5],
    ['whose holder is about to write its name', async () => '', 0],
  ])('waits for a lock %s', async (_which, content, ageSeconds) => {
    const { filePath, lockPath } = paths()
    const label = await content()
    leaveLock(lockPath, label, ageSeconds)

    await expect(lockFile(filePath, impatient())).rejects.toBeInstanceOf(LockTimeout)

    expect(readFileSync(lockPath, 'utf8')).toBe(label)
  })

  it.runIf(process.platform === 'linux')('takes a lock over of a process whose id another one has now', async () => {
    const { filePath, lockPath } = paths()
    leaveLock(lockPath, await labelOf(process.pid, '1'))

    const lock = await lockFile(filePath)

    await lock.confirm()
    await lock.release()
    expect(readdirSync(homedir())).toEqual([])
  })

  it('lets only one of many in who find the same stale lock', async () => {
    const { filePath, lockPath } = paths()
    leaveLock(lockPath, await labelOf(finishedPid()))
    let holders = 0
    let most = 0

    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lock = await lockFile(filePath)
        holders += 1
        most = Math.max(most, holders)
        await lock.confirm()
        holders -= 1
        await lock.release()
      }),
    )

    expect(most).toBe(1)
    expect(readdirSync(homedir())).toEqual([])
  })

  it('tells a holder that was too slow, and does not take the lock from the next one', async () => {
    const { filePath, lockPath } = paths()
    const slow = await lockFile(filePath)
    leaveLock(lockPath, readFileSync(lockPath, 'utf8'), 11)

    const next = await lockFile(filePath)

    await expect(slow.confirm()).rejects.toBeInstanceOf(LockLoss)
    await slow.release()
    await next.confirm()
  })

  it('fails at once over a directory in place of the lock', async () => {
    const { filePath, lockPath } = paths()
    mkdirSync(lockPath)

    await expect(lockFile(filePath)).rejects.toBeInstanceOf(LockObstacle)
  })

  it('passes on what the system says when the lock cannot be made', async () => {
    await expect(lockFile(join(homedir(), 'absent', 'secrets.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
