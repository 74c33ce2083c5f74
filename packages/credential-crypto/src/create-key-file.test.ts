import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createKeyFile } from './create-key-file.ts'

describe('createKeyFile', () => {
  it('makes folder and file for their owner alone, and leaves nothing else behind', async () => {
    const folder = join(homedir(), 'a', 'b')

    await createKeyFile(join(folder, 'a.key'), 'a secret')

    expect(readFileSync(join(folder, 'a.key'), 'utf8')).toBe('a secret')
    expect(statSync(join(folder, 'a.key')).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(homedir(), 'a')).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual(['a.key'])
  })

  it('leaves the mode of a folder alone that exists', async () => {
    const folder = join(homedir(), 'a')
    mkdirSync(folder, { mode: 0o755 })

    await createKeyFile(join(folder, 'a.key'), 'a secret')

    expect(statSync(folder).mode & 0o777).toBe(0o755)
  })

  it.each(['', 'older secret'])('never replaces a file (%j)', async content => {
    const path = join(homedir(), 'a.key')
    writeFileSync(path, content)

    await createKeyFile(path, 'a secret')

    expect(readFileSync(path, 'utf8')).toBe(content)
    expect(readdirSync(homedir())).toEqual(['a.key'])
  })

  it('does not write through a link to nothing', async () => {
    symlinkSync(join(homedir(), 'elsewhere'), join(homedir(), 'a.key'))

    await createKeyFile(join(homedir(), 'a.key'), 'a secret')

    expect(readdirSync(homedir())).toEqual(['a.key'])
  })

  it('fails where there can be no folder, and leaves nothing behind', async () => {
    const path = join(homedir(), 'file')
    writeFileSync(path, 'no folder')

    await expect(createKeyFile(join(path, 'a.key'), 'a secret')).rejects.toThrow('EEXIST')

    expect(readFileSync(path, 'utf8')).toBe('no folder')
    expect(readdirSync(homedir())).toEqual(['file'])
  })

  it('removes what processes have left that crashed before they had a key', async () => {
    const path = join(homedir(), 'a.key')
    writeFileSync(join(homedir(), '.a.key.31337.tmp'), '')
    writeFileSync(join(homedir(), '.a.key.31338.tmp'), 'a secret that nobody uses')
    writeFileSync(join(homedir(), '.b.key.31337.tmp'), 'of another file')

    await createKeyFile(path, 'a secret')

    expect(readdirSync(homedir()).toSorted()).toEqual(['.b.key.31337.tmp', 'a.key'])
  })

  it.runIf(process.platform === 'linux')('leaves nothing behind where nothing can be written', async () => {
    // As on a full file system: the file is there, and its first byte is refused.
    const program = `
      import { createKeyFile } from ${JSON.stringify(new URL('create-key-file.ts', import.meta.url).href)}
      await createKeyFile(${JSON.stringify(join(homedir(), 'a.key'))}, 'a secret').catch(error => console.log(error.code))
    `
    const limited = `ulimit -f 0 && exec "$0" --input-type=module --eval "$1"`

    const output = execFileSync('sh', ['-c', limited, process.execPath, program], { encoding: 'utf8' })

    expect(output.trim()).toBe('EFBIG')
    expect(readdirSync(homedir())).toEqual([])
  })
})
