import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { intercepting } from './__fixtures__/system-calls.ts'
import { whileRunning } from './__fixtures__/while-running.ts'
import { isFileName, readContainedFile, readContainedFileSync } from './contained-file.ts'
import { FileFault } from './file-fault.ts'

const maxBytes = 1000

describe('isFileName', () => {
  it.each(['A', 'db-password', 'tls.crt', 'with space', 'with\nnewline', '__proto__', '~', '密钥', 'k'.repeat(255)])(
    'accepts %j',
    key => {
      expect(isFileName(key)).toBe(true)
    },
  )

  it.each([
    '',
    '.',
    '..',
    '.hidden',
    '..data',
    '..2026_01_01',
    'a/b',
    '/etc/passwd',
    '../parent',
    'a/../b',
    'a\0b',
    'k'.repeat(256),
    'é'.repeat(128),
    '\uD83D',
  ])('refuses %j', key => {
    expect(isFileName(key)).toBe(false)
  })
})

describe.each([
  ['readContainedFile', readContainedFile],
  [
    'readContainedFileSync',
    async (...args: Parameters<typeof readContainedFileSync>) => readContainedFileSync(...args),
  ],
])('%s', (_name, read) => {
  function volume(): { readonly directory: string; readonly outside: string } {
    const [directory, outside] = [join(homedir(), 'volume'), join(homedir(), 'volume-outside')]
    mkdirSync(directory)
    mkdirSync(outside)
    writeFileSync(join(outside, 'KEY'), 'leaked')
    return { directory, outside }
  }

  it('reads a file, also through a link to the directory itself', async () => {
    const { directory } = volume()
    writeFileSync(join(directory, 'KEY'), 'inside')
    symlinkSync(directory, join(homedir(), 'link'))

    expect((await read(directory, 'KEY', maxBytes))?.text).toBe('inside')
    expect((await read(join(homedir(), 'link'), 'KEY', maxBytes))?.text).toBe('inside')
  })

  it('finds nothing where there is no file, no directory, or a link to nothing', async () => {
    const { directory } = volume()
    symlinkSync('nothing', join(directory, 'LINK'))

    expect(await read(directory, 'KEY', maxBytes)).toBeUndefined()
    expect(await read(directory, 'LINK', maxBytes)).toBeUndefined()
    expect(await read(join(directory, 'absent'), 'KEY', maxBytes)).toBeUndefined()
  })

  it.each([
    ['absolutely', (outside: string) => join(outside, 'KEY')],
    ['relatively', () => '../volume-outside/KEY'],
    ['by way of another link', () => 'HOP/KEY'],
    ['to the directory itself', () => '.'],
    ['to its parent', () => '..'],
    ['to a device', () => '/dev/zero'],
  ])('refuses a link that leads out %s', async (_how, target) => {
    const { directory, outside } = volume()
    symlinkSync(outside, join(directory, 'HOP'))
    symlinkSync(target(outside), join(directory, 'KEY'))

    const failure: unknown = await read(directory, 'KEY', maxBytes).catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(FileFault)
    expect(failure).toMatchObject({ kind: 'insecure', detail: 'outside' })
  })

  it('fails over a loop of links', async () => {
    const { directory } = volume()
    symlinkSync('B', join(directory, 'A'))
    symlinkSync('A', join(directory, 'B'))

    await expect(read(directory, 'A', maxBytes)).rejects.toMatchObject({ code: 'ELOOP' })
  })

  it('gives the old file or the new one while a volume is updated', async () => {
    const directory = join(homedir(), 'volume')
    mkdirSync(directory)
    let last = 0
    const seen = new Set<number>()

    await whileRunning('generation-swapper.ts', [directory], async () => {
      while (seen.size < 6) {
        const { text = 'nothing' } = (await read(directory, 'PASSWORD', maxBytes)) ?? {}
        const generation = Number(/^password (\d+)\n$/.exec(text)?.[1])

        expect({ text, isOlder: !(generation >= last) }).toEqual({ text, isOlder: false })
        last = generation
        seen.add(generation)
      }
    })
  })

  // The kernel says where an open file lies on Linux alone.
  it.runIf(process.platform === 'linux')('reads nothing else when a directory is exchanged for a link', async () => {
    const { directory, outside } = volume()
    mkdirSync(join(directory, 'real'))
    writeFileSync(join(directory, 'real', 'KEY'), 'inside')
    symlinkSync('real/KEY', join(directory, 'KEY'))
    const outcomes = new Map<string | undefined, number>()

    await whileRunning('directory-swapper.ts', [join(directory, 'real'), outside], async () => {
      for (let round = 0; round < 1500; round += 1) {
        const outcome = await read(directory, 'KEY', maxBytes).then(
          content => content?.text,
          (error: unknown) => (error instanceof FileFault ? error.detail : String(error)),
        )
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    })

    // Or else nothing was exchanged meanwhile.
    expect(outcomes.size).toBeGreaterThan(1)
    expect([...outcomes.keys()].filter(outcome => !['inside', 'outside', undefined].includes(outcome))).toEqual([])
  })
})

describe('readContainedFile', () => {
  it('finds the new file when a volume is updated after its links were followed', async () => {
    const directory = join(homedir(), 'volume')
    const generationWith = (name: string, text: string): void => {
      mkdirSync(join(directory, name), { recursive: true })
      writeFileSync(join(directory, name, 'KEY'), text)
    }
    generationWith('..old', 'old')
    symlinkSync('..old', join(directory, '..data'))
    symlinkSync('..data/KEY', join(directory, 'KEY'))
    let isUpdated = false
    let text: string | undefined

    await intercepting(
      async ({ name, proceed }) => {
        if (name === 'stat' && !isUpdated) {
          isUpdated = true
          generationWith('..new', 'new')
          symlinkSync('..new', join(directory, '..data_tmp'))
          renameSync(join(directory, '..data_tmp'), join(directory, '..data'))
          rmSync(join(directory, '..old'), { recursive: true })
        }
        return proceed()
      },
      async () => {
        text = (await readContainedFile(directory, 'KEY', maxBytes))?.text
      },
    )

    expect(text).toBe('new')
  })
})
