import { rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isSameState, readFileContent, readFileContentSync, readFileState, readFileStateSync } from './file-content.ts'

afterEach(() => {
  vi.useRealTimers()
})

function fileWith(bytes: string | Uint8Array): string {
  const filePath = join(homedir(), 'secrets.json')
  writeFileSync(filePath, bytes)
  return filePath
}

describe.each([
  ['readFileContent', readFileContent],
  ['readFileContentSync', readFileContentSync],
])('%s', (_name, read) => {
  it('reads the text and the state that the file has', async () => {
    const filePath = fileWith('text 🔑')

    const content = await read(filePath, 100)

    expect(content?.text).toBe('text 🔑')
    expect(content?.state).toEqual(await readFileState(filePath))
  })

  it('strips one byte order mark, and not a second one', async () => {
    expect((await read(fileWith('\uFEFF{}'), 100))?.text).toBe('{}')
    expect((await read(fileWith('\uFEFF\uFEFF{}'), 100))?.text).toBe('\uFEFF{}')
  })

  it('does not rely on the state of a file that has changed within the last two seconds', async () => {
    const filePath = fileWith('text')

    const fresh = await read(filePath, 100)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2500 })
    const older = await read(filePath, 100)

    expect(fresh?.isSettled).toBe(false)
    expect(older?.isSettled).toBe(true)
  })
})

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
})
