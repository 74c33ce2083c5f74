import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockLabel, newLockLabel, removeStale } from './stale-lock.ts'

function lockWith(label: string): string {
  const lockPath = join(homedir(), 'secrets.json.lock')
  writeFileSync(lockPath, label)
  return lockPath
}

describe('removeStale', () => {
  it('takes the lock away that was found stale, and leaves nothing behind', async () => {
    const isFree = await removeStale(lockWith('stale'), 'stale')

    expect(isFree).toBe(true)
    expect(readdirSync(homedir())).toEqual([])
  })

  it('leaves a lock alone that somebody has taken in between', async () => {
    const lockPath = lockWith('fresh')

    await removeStale(lockPath, 'stale')

    expect(readFileSync(lockPath, 'utf8')).toBe('fresh')
    expect(readdirSync(homedir())).toEqual(['secrets.json.lock'])
  })

  it('does nothing when somebody has taken the lock away already', async () => {
    await removeStale(join(homedir(), 'secrets.json.lock'), 'stale')

    expect(readdirSync(homedir())).toEqual([])
  })

  it('leaves it to another process that is about to take the lock away', async () => {
    const lockPath = lockWith('stale')
    writeFileSync(`${lockPath}.takeover`, '')

    const isFree = await removeStale(lockPath, 'stale')

    expect(isFree).toBe(false)
    expect(readFileSync(lockPath, 'utf8')).toBe('stale')
    expect(existsSync(`${lockPath}.takeover`)).toBe(true)
  })

  it('does not wait for a process that was killed while it took a lock away', async () => {
    const lockPath = lockWith('stale')
    writeFileSync(`${lockPath}.takeover`, '')
    const then = new Date(Date.now() - 11_000)
    utimesSync(`${lockPath}.takeover`, then, then)

    const outcomes = [await removeStale(lockPath, 'stale'), await removeStale(lockPath, 'stale')]

    expect(outcomes).toEqual([false, true])
    expect(readdirSync(homedir())).toEqual([])
  })
})

describe('lockLabel', () => {
  it('is what the lock holds, or undefined when there is none', async () => {
    expect(await lockLabel(lockWith('label'))).toBe('label')
    expect(await lockLabel(join(homedir(), 'absent.lock'))).toBeUndefined()
  })
})

describe('newLockLabel', () => {
  it('names this process, and differs from every other one', async () => {
    const labels = await Promise.all([newLockLabel(), newLockLabel()])

    expect(labels[0]).not.toBe(labels[1])
    expect(JSON.parse(labels[0] ?? '')).toMatchObject({ pid: process.pid })
  })
})
