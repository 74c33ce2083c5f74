import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it } from 'vitest'
import { FileLock, type LockKind } from './file-lock.ts'

let path: string

beforeEach(() => {
  path = join(homedir(), 'a.lock')
})

it.each([
  ['shared', 'shared', true],
  ['shared', 'exclusive', false],
  ['exclusive', 'shared', false],
  ['exclusive', 'exclusive', false],
] as const)('while one has it %s, another one gets it %s: %s', (held, asked, isGiven) => {
  using first = FileLock.take(path, held)
  using second = FileLock.take(path, asked)

  expect([first !== undefined, second !== undefined]).toEqual([true, isGiven])
})

it('another process is kept from it, until the one that has it is killed', async () => {
  const child = holdElsewhere('exclusive')
  await once(child.stdout, 'data')
  const files = (await readdir(homedir())).filter(name => name.startsWith('a.lock'))

  const refused = FileLock.take(path, 'shared')
  const waiting = FileLock.wait(path, 'exclusive')
  child.kill('SIGKILL')
  using lock = await waiting
  const again = FileLock.take(path, 'shared')

  expect([refused, again]).toEqual([undefined, undefined])
  // A file more would stay when the process is killed.
  expect(files).toEqual(['a.lock'])
  expect(lock).toBeInstanceOf(FileLock)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

it('what cannot be a lock is told', async () => {
  await writeFile(path, 'something else'.repeat(100))

  expect(() => FileLock.take(path, 'shared')).toThrow(expect.objectContaining({ kind: 'damaged' }))
  expect(() => FileLock.take(join(homedir(), 'none/a.lock'), 'shared')).toThrow('ENOENT')
})

/** Says something as soon as it has it. */
function holdElsewhere(kind: LockKind) {
  const module = fileURLToPath(new URL('file-lock.ts', import.meta.url))
  const program = `
    import { FileLock } from ${JSON.stringify(module)}
    globalThis.lock = FileLock.take(${JSON.stringify(path)}, ${JSON.stringify(kind)})
    process.stdout.write('held')
    setInterval(() => undefined, 1000)
  `
  const args = ['--conditions=@st/source', '--input-type=module', '--eval', program]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}
