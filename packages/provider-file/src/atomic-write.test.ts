import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { intercepting } from './__fixtures__/system-calls.ts'
import { createDirectoryOf, linkTarget, replaceFile } from './atomic-write.ts'

const umask = process.umask()
const isRoot = process.geteuid?.() === 0

afterEach(() => {
  process.umask(umask)
})

function inHome(...names: string[]): string {
  return join(homedir(), ...names)
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

async function confirmed(): Promise<void> {}

/** The calls of an operation by which something reaches the disk, in their order. */
async function durableSteps(run: () => Promise<unknown>): Promise<readonly string[]> {
  const steps: string[] = []
  await intercepting(async ({ name, proceed }) => {
    if (/^(?:mkdir|rename|FileHandle\.(?:writeFile|sync))$/.test(name)) steps.push(name)
    return proceed()
  }, run)
  return steps
}

describe('replaceFile', () => {
  it.each([0o000, 0o022, 0o077, 0o777])('writes with mode 0600 under umask %o', async mask => {
    process.umask(mask)

    await replaceFile(inHome('secrets.json'), 'text', confirmed)

    expect(modeOf(inHome('secrets.json'))).toBe(0o600)
  })

  it('syncs the text before it takes its place, and its directory afterwards', async () => {
    const steps = await durableSteps(() => replaceFile(inHome('secrets.json'), 'text', confirmed))

    expect(steps).toEqual(['FileHandle.writeFile', 'FileHandle.sync', 'rename', 'FileHandle.sync'])
  })

  it('gives a file that others could read mode 0600', async () => {
    writeFileSync(inHome('secrets.json'), 'old', { mode: 0o644 })

    await replaceFile(inHome('secrets.json'), 'new', confirmed)

    expect(modeOf(inHome('secrets.json'))).toBe(0o600)
    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe('new')
  })

  it('has the whole text in a file of mode 0600 beside the old one before it replaces it', async () => {
    process.umask(0)
    writeFileSync(inHome('secrets.json'), 'old')
    const seen: unknown[] = []

    await replaceFile(inHome('secrets.json'), 'new', async () => {
      const temporary = readdirSync(homedir()).find(name => name !== 'secrets.json') ?? ''
      seen.push(modeOf(inHome(temporary)), readFileSync(inHome(temporary), 'utf8'))
      seen.push(readFileSync(inHome('secrets.json'), 'utf8'))
    })

    expect(seen).toEqual([0o600, 'new', 'old'])
    expect(readdirSync(homedir())).toEqual(['secrets.json'])
  })

  it('leaves the old file and nothing else when it is not confirmed', async () => {
    writeFileSync(inHome('secrets.json'), 'old')

    const replacing = replaceFile(inHome('secrets.json'), 'new', () => Promise.reject(new Error('too slow')))

    await expect(replacing).rejects.toThrow('too slow')
    expect(readdirSync(homedir())).toEqual(['secrets.json'])
    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe('old')
  })

  it.runIf(isRoot)('leaves a file that root changes to its owner', async () => {
    writeFileSync(inHome('secrets.json'), 'old')
    chownSync(inHome('secrets.json'), 4242, 4243)

    await replaceFile(inHome('secrets.json'), 'new', confirmed)

    expect(statSync(inHome('secrets.json'))).toMatchObject({ uid: 4242, gid: 4243 })
  })

  it('fails over a directory in place of the file, and leaves nothing behind', async () => {
    mkdirSync(inHome('secrets.json'))

    await expect(replaceFile(inHome('secrets.json'), 'new', confirmed)).rejects.toMatchObject({ code: 'EISDIR' })

    expect(readdirSync(homedir())).toEqual(['secrets.json'])
  })
})

describe('createDirectoryOf', () => {
  it('syncs each directory that got another one', async () => {
    const steps = await durableSteps(() => createDirectoryOf(inHome('a', 'b', 'secrets.json')))

    expect(steps).toEqual(['mkdir', 'FileHandle.sync', 'mkdir', 'FileHandle.sync'])
  })

  it.each([0o000, 0o022, 0o777])('makes every directory that lacks, for this user only, under umask %o', async mask => {
    process.umask(mask)

    await createDirectoryOf(inHome('a', 'b', 'secrets.json'))

    expect(modeOf(inHome('a'))).toBe(0o700)
    expect(modeOf(inHome('a', 'b'))).toBe(0o700)
  })

  it('leaves a directory that is there as it is', async () => {
    mkdirSync(inHome('a'))
    chmodSync(inHome('a'), 0o755)

    await createDirectoryOf(inHome('a', 'secrets.json'))

    expect(modeOf(inHome('a'))).toBe(0o755)
  })
})

describe('linkTarget', () => {
  it('follows links to links, also to what is not there yet', async () => {
    mkdirSync(inHome('real'))
    symlinkSync(inHome('second'), inHome('first'))
    symlinkSync('real/secrets.json', inHome('second'))

    expect(await linkTarget(inHome('first'))).toBe(inHome('real', 'secrets.json'))
    writeFileSync(inHome('real', 'secrets.json'), 'x')
    expect(await linkTarget(inHome('first'))).toBe(inHome('real', 'secrets.json'))
  })

  it('keeps a path that is no link, whether it is there or not', async () => {
    writeFileSync(inHome('plain'), 'x')

    expect(await linkTarget(inHome('plain'))).toBe(inHome('plain'))
    expect(await linkTarget(inHome('absent', 'secrets.json'))).toBe(inHome('absent', 'secrets.json'))
  })

  it('fails over a loop', async () => {
    symlinkSync(inHome('b'), inHome('a'))
    symlinkSync(inHome('a'), inHome('b'))

    await expect(linkTarget(inHome('a'))).rejects.toMatchObject({ code: 'ELOOP' })
    expect(lstatSync(inHome('a')).isSymbolicLink()).toBe(true)
    expect(existsSync(inHome('a'))).toBe(false)
  })
})
