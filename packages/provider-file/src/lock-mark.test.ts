import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { findMark, LockObstacle, makeMark, newLabel } from './lock-mark.ts'

const umask = process.umask()

afterEach(() => {
  process.umask(umask)
})

function markPath(): string {
  return join(homedir(), 'secrets.json.lock')
}

describe('makeMark', () => {
  it.each([0o000, 0o777])('makes a file for this user only, also under umask %o', async mask => {
    process.umask(mask)

    const isMade = await makeMark(markPath(), 'label')

    expect(isMade).toBe(true)
    expect(statSync(markPath()).mode & 0o777).toBe(0o600)
    expect(readFileSync(markPath(), 'utf8')).toBe('label')
  })

  it('leaves the one alone that is there, a link to nothing included', async () => {
    writeFileSync(markPath(), 'first')
    symlinkSync(join(homedir(), 'nothing'), join(homedir(), 'link.lock'))

    expect(await makeMark(markPath(), 'second')).toBe(false)
    expect(await makeMark(join(homedir(), 'link.lock'), 'second')).toBe(false)
    expect(readFileSync(markPath(), 'utf8')).toBe('first')
  })
})

describe('findMark', () => {
  it('finds what the maker wrote, and nothing where there is none', async () => {
    expect(await findMark(markPath())).toBeUndefined()

    await makeMark(markPath(), 'label')

    expect(await findMark(markPath())).toMatchObject({ label: 'label' })
  })

  it('tells a mark from one with the same label that is made in its place', async () => {
    await makeMark(markPath(), '')
    const first = await findMark(markPath())
    // The system may give the same inode again; the time differs.
    utimesSync(markPath(), 1, 1)
    const second = await findMark(markPath())
    rmSync(markPath())
    await makeMark(markPath(), '')

    const identities = [first, second, await findMark(markPath())].map(mark => mark?.identity)
    expect(new Set(identities).size).toBe(3)
  })

  it.each([
    ['behind', -20_000],
    ['ahead', 20_000],
  ])('knows the age of a mark whose clock is %s', async (_where, offsetMs) => {
    await makeMark(markPath(), 'label')
    const then = new Date(Date.now() + offsetMs)
    utimesSync(markPath(), then, then)

    expect((await findMark(markPath()))?.ageMs).toBeGreaterThan(15_000)
  })

  it("finds another user's mark without its label", async () => {
    chmodSync(homedir(), 0o755)
    writeFileSync(markPath(), 'label', { mode: 0o000 })

    expect(await asUnprivileged(() => findMark(markPath()))).toMatchObject({ label: undefined })
  })

  it('refuses a directory, a pipe and a link in place of a mark, and waits for none', async () => {
    const paths = ['directory', 'pipe', 'link'].map(name => join(homedir(), name))
    mkdirSync(paths[0] ?? '')
    execFileSync('mkfifo', [paths[1] ?? ''])
    symlinkSync('/dev/zero', paths[2] ?? '')

    for (const path of paths) {
      const failure: unknown = await findMark(path).catch((error: unknown) => error)

      expect(failure).toBeInstanceOf(LockObstacle)
      expect(failure).toMatchObject({ path })
    }
  })

  it('reads no more of a huge mark than a label can be', async () => {
    writeFileSync(markPath(), 'x'.repeat(1_000_000))

    expect((await findMark(markPath()))?.label).toHaveLength(1024)
  })
})

describe('newLabel', () => {
  it('names this process, and differs from every other one', async () => {
    const labels = await Promise.all([newLabel(), newLabel()])

    expect(labels[0]).not.toBe(labels[1])
    expect(JSON.parse(labels[0] ?? '')).toMatchObject({ pid: process.pid })
  })
})
