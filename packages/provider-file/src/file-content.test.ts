import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { intercepting } from './__fixtures__/system-calls.ts'
import type { FileFault } from './file-fault.ts'
import { readFileContent, readFileContentSync } from './file-content.ts'
import { readFileState } from './file-state.ts'

afterEach(() => {
  vi.useRealTimers()
})

const rules = { maxBytes: 100 }

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

    const content = await read(filePath, rules)

    expect(content?.text).toBe('text 🔑')
    expect(content?.state).toEqual(await readFileState(filePath))
  })

  it('strips one byte order mark, and not a second one', async () => {
    expect((await read(fileWith('\uFEFF{}'), rules))?.text).toBe('{}')
    expect((await read(fileWith('\uFEFF\uFEFF{}'), rules))?.text).toBe('\uFEFF{}')
  })

  it.each(['/dev/zero', '/dev/null', '/dev/tty'])('does not open %s', async device => {
    await expect(async () => read(device, rules)).rejects.toMatchObject({ kind: 'malformed', detail: 'not_a_file' })
  })

  it('reads as many bytes as it may, and not one more', async () => {
    expect((await read(fileWith('x'.repeat(100)), rules))?.text).toHaveLength(100)
    await expect(async () => read(fileWith('x'.repeat(101)), rules)).rejects.toMatchObject({ detail: 'too_large' })
  })

  it.runIf(process.platform === 'linux')('bounds a file that does not say its size', async () => {
    expect(statSync('/proc/self/status')).toMatchObject({ size: 0 })
    expect((await read('/proc/self/status', { maxBytes: 100_000 }))?.text).toContain('Pid:')
    await expect(async () => read('/proc/self/status', rules)).rejects.toMatchObject({ detail: 'too_large' })
  })

  it('refuses a file that others can get at, when it is told to, and says how to mend it', async () => {
    const filePath = fileWith('text')
    chmodSync(filePath, 0o640)

    await expect(async () => read(filePath, { ...rules, refusesExposure: true })).rejects.toMatchObject({
      kind: 'insecure',
      detail: 'file.mode',
      hint: `Run: chmod 600 ${filePath}`,
    })
    chmodSync(filePath, 0o600)
    expect((await read(filePath, { ...rules, refusesExposure: true }))?.text).toBe('text')
  })

  it('does not rely on the state of a file that has changed within the last two seconds', async () => {
    const filePath = fileWith('text')

    const fresh = await read(filePath, rules)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2500 })
    const older = await read(filePath, rules)

    expect(fresh?.isSettled).toBe(false)
    expect(older?.isSettled).toBe(true)
  })
})

describe('readFileContent', () => {
  it('waits for nobody when a pipe takes the place of the file right before it is opened', async () => {
    const filePath = fileWith('text')

    const calls = intercepting(
      async ({ name, proceed }) => {
        if (name === 'open') {
          rmSync(filePath)
          execFileSync('mkfifo', [filePath])
        }
        return proceed()
      },
      () => readFileContent(filePath, rules),
    )

    await expect(calls).rejects.toMatchObject({ kind: 'malformed', detail: 'not_a_file' })
  })

  /** Writes the file anew in place, all of one letter and larger each time, whenever the reader waits. */
  async function writeUntil(filePath: string, done: AbortSignal): Promise<void> {
    for (let round = 0; !done.aborted; round += 1) {
      writeFileSync(filePath, (round % 2 === 0 ? 'a' : 'b').repeat(400_000 + round))
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  it('never gives the text of two moments', async () => {
    const filePath = fileWith('a')
    const done = new AbortController()
    const writing = writeUntil(filePath, done.signal)
    const outcomes: string[] = []

    for (let round = 0; round < 8; round += 1) {
      const outcome = await readFileContent(filePath, { maxBytes: 1_000_000 }).then(
        content => (new Set(content?.text).size === 1 ? 'whole' : 'torn'),
        (error: unknown) => (error as FileFault).detail,
      )
      outcomes.push(outcome)
    }
    done.abort()
    await writing

    expect(outcomes).not.toContain('torn')
    // Or else nothing was written meanwhile.
    expect(outcomes).toContain('changing')
  })
})
