import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileFault } from './file-fault.ts'
import { isSameState, readFileState, readFileStateSync } from './file-state.ts'

function fileWith(text: string): string {
  const filePath = join(homedir(), 'secrets.json')
  writeFileSync(filePath, text)
  return filePath
}

describe('the state of a file', () => {
  it('is the same while nothing happens, however it is read', async () => {
    const filePath = fileWith('text')
    const first = await readFileState(filePath)
    const second = readFileStateSync(filePath)
    if (!first || !second) throw new Error('the file is there')

    expect(isSameState(first, second)).toBe(true)
  })

  it('differs from that of another file with the same text', async () => {
    const first = await readFileState(fileWith('text'))
    writeFileSync(join(homedir(), 'other.json'), 'text')
    const second = await readFileState(join(homedir(), 'other.json'))
    if (!first || !second) throw new Error('the files are there')

    expect(isSameState(first, second)).toBe(false)
  })

  it('is undefined where there is no file, or a file in place of its directory', async () => {
    const filePath = fileWith('text')

    expect(readFileStateSync(join(filePath, 'below'))).toBeUndefined()
    rmSync(filePath)
    expect(await readFileState(filePath)).toBeUndefined()
  })

  it('is none of a directory', async () => {
    mkdirSync(join(homedir(), 'directory'))

    await expect(readFileState(join(homedir(), 'directory'))).rejects.toBeInstanceOf(FileFault)
    expect(() => readFileStateSync('/dev/null')).toThrow('it is not a regular file')
  })
})
