import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSecretFile } from './secret-file.ts'

it('makes a file once, for its owner only', async () => {
  const path = join(homedir(), 'a.key')

  const made = await Promise.all(['x', 'y', 'z'].map(text => createSecretFile(path, text)))

  expect(made.filter(Boolean)).toHaveLength(1)
  expect(['x', 'y', 'z'][made.indexOf(true)]).toBe(await readFile(path, 'utf8'))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(homedir())).toEqual(['a.key'])
})

it('removes what a process left that was killed meanwhile, and nothing else', async () => {
  const path = join(homedir(), 'a.key')
  const old = new Date(Date.now() - 61_000)
  for (const name of ['a.key.0123456789ab', 'a.key.next.0123456789ab', 'a.key.previous', 'b.key.0123456789ab']) {
    await writeFile(join(homedir(), name), '')
    await utimes(join(homedir(), name), old, old)
  }
  await writeFile(join(homedir(), 'a.key.ba9876543210'), '')

  await createSecretFile(path, 'x')

  expect((await readdir(homedir())).toSorted()).toEqual([
    'a.key',
    'a.key.ba9876543210',
    'a.key.previous',
    'b.key.0123456789ab',
  ])
})

it('fails where the folder is not there', async () => {
  await expect(createSecretFile(join(homedir(), 'none', 'a.key'), 'x')).rejects.toMatchObject({ code: 'ENOENT' })
})
