import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { directoryExposures, fileExposures, surroundingExposures, surroundingExposuresSync } from './file-exposure.ts'

describe('fileExposures', () => {
  it.each([0o600, 0o400, 0o700, 0o100_600])('finds nothing wrong with mode %o of its own user', mode => {
    expect(fileExposures('/f', { mode, uid: 1000 }, 1000)).toEqual([])
  })

  it('finds nothing wrong with a file of root', () => {
    expect(fileExposures('/f', { mode: 0o600n, uid: 0n }, 1000)).toEqual([])
  })

  it.each([0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o666, 0o100_644])('finds mode %o open to others', mode => {
    const [exposure, ...more] = fileExposures('/f', { mode, uid: 1000 }, 1000)

    expect(exposure).toMatchObject({ id: 'file.mode', fix: 'chmod 600 /f' })
    expect(exposure?.problem).toContain(`mode 0${(mode & 0o777).toString(8)}`)
    expect(more).toEqual([])
  })

  it('finds a file of another user, also for root', () => {
    expect(fileExposures('/f', { mode: 0o600, uid: 1001 }, 1000)).toMatchObject([
      { id: 'file.owner', problem: 'the file belongs to user 1001, not to user 1000', fix: 'chown 1000 /f' },
    ])
    expect(fileExposures('/f', { mode: 0o644, uid: 1001 }, 0).map(({ id }) => id)).toEqual(['file.owner', 'file.mode'])
  })

  it('writes a path with strange characters so that a shell takes it as it is', () => {
    const filePath = join(homedir(), `it's a "file"; $(x)`)
    writeFileSync(filePath, '')
    chmodSync(filePath, 0o644)
    const [exposure] = fileExposures(filePath, statSync(filePath))

    execFileSync('sh', ['-c', exposure?.fix ?? 'false'])

    expect(statSync(filePath).mode & 0o777).toBe(0o600)
  })
})

describe('directoryExposures', () => {
  it.each([0o700, 0o755, 0o500, 0o1777, 0o1775])('finds nothing wrong with mode %o', mode => {
    expect(directoryExposures('/d', { mode, uid: 1000 }, 1000)).toEqual([])
  })

  it.each([0o777, 0o775, 0o722, 0o2775])('finds that others can replace files where the mode is %o', mode => {
    expect(directoryExposures('/d', { mode, uid: 1000 }, 1000)).toMatchObject([
      { id: 'file.directory_mode', fix: 'chmod go-w /d' },
    ])
  })

  it('finds a directory of another user, who can replace files', () => {
    expect(directoryExposures('/d', { mode: 0o755, uid: 1001 }, 1000)).toMatchObject([
      { id: 'file.directory_owner', fix: 'chown 1000 /d' },
    ])
  })
})

describe.each([
  ['surroundingExposures', surroundingExposures],
  ['surroundingExposuresSync', async (path: string) => surroundingExposuresSync(path)],
])('%s', (_name, exposuresOf) => {
  function directory(name: string, mode: number): string {
    const path = join(homedir(), name)
    mkdirSync(path)
    chmodSync(path, mode)
    return path
  }

  it('looks at the directory of a link and at the one of its target', async () => {
    const [safe, open] = [directory('safe', 0o755), directory('open', 0o777)]
    writeFileSync(join(open, 'target'), '')
    writeFileSync(join(safe, 'target'), '')
    symlinkSync(join(open, 'target'), join(safe, 'link'))
    symlinkSync(join(safe, 'target'), join(open, 'link'))

    const found = [join(safe, 'link'), join(open, 'link'), join(safe, 'target'), join(safe, 'absent')].map(
      async path => (await exposuresOf(path)).length,
    )

    expect(await Promise.all(found)).toEqual([1, 1, 0, 0])
  })

  it('finds nothing where there is no directory', async () => {
    expect(await exposuresOf(join(homedir(), 'absent', 'secrets.json'))).toEqual([])
  })
})
