import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

const isRoot = process.geteuid?.() === 0
const text = '{"A":"1"}'

/** A file in a directory of its own, with these modes. */
function file(mode = 0o600, directoryMode = 0o700): string {
  const directory = join(homedir(), 'private')
  mkdirSync(directory)
  writeFileSync(join(directory, 'secrets.json'), text)
  chmodSync(join(directory, 'secrets.json'), mode)
  chmodSync(directory, directoryMode)
  return join(directory, 'secrets.json')
}

type Exposed = readonly [what: string, id: string, make: () => string]

const exposed: readonly Exposed[] = [
  ['that its group can read', 'file.mode', () => file(0o640)],
  ['that others can read', 'file.mode', () => file(0o604)],
  ['that others can write', 'file.mode', () => file(0o602)],
  ['in a directory that its group can change', 'file.directory_mode', () => file(0o600, 0o770)],
  ['in a directory that others can change', 'file.directory_mode', () => file(0o600, 0o777)],
  [
    'behind a link that others can exchange',
    'file.directory_mode',
    () => {
      const target = file()
      mkdirSync(join(homedir(), 'open'))
      chmodSync(join(homedir(), 'open'), 0o777)
      symlinkSync(target, join(homedir(), 'open', 'link.json'))
      return join(homedir(), 'open', 'link.json')
    },
  ],
]

const ownedByOthers: readonly Exposed[] = [
  [
    'of another user',
    'file.owner',
    () => {
      const filePath = file()
      chownSync(filePath, 4242, 4242)
      return filePath
    },
  ],
  [
    "in another user's directory",
    'file.directory_owner',
    () => {
      const filePath = file()
      chownSync(join(filePath, '..'), 4242, 4242)
      return filePath
    },
  ],
]

const cases = isRoot ? [...exposed, ...ownedByOthers] : exposed

describe("insecurePermissions: 'refuse'", () => {
  it.each(cases)('refuses to read a file %s', async (_what, id, make) => {
    const filePath = make()
    const provider = new FileSecretProvider({ filePath, insecurePermissions: 'refuse' })

    for (const read of [() => provider.getSecret('A'), () => provider.getSecretSync('A')]) {
      const failure = await failureOf(read)

      expect(failure).toMatchObject({ kind: 'insecure', detail: id, provider: 'file', transient: false })
      expect(failure.hint).toMatch(/^Run: ch(mod|own) /)
    }
  })

  it.each(cases)('refuses to write a file %s, and leaves it as it is', async (_what, id, make) => {
    const filePath = make()
    const before = statSync(filePath)
    const provider = new FileSecretProvider({ filePath, insecurePermissions: 'refuse' })

    const failures = [await failureOf(provider.setSecret('B', '2')), await failureOf(provider.deleteSecret('A'))]

    expect(failures.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([`insecure ${id}`, `insecure ${id}`])
    expect(readFileSync(filePath, 'utf8')).toBe(text)
    expect(statSync(filePath)).toMatchObject({ mode: before.mode, uid: before.uid, ino: before.ino })
  })

  it('refuses to make a file where others could exchange it', async () => {
    mkdirSync(join(homedir(), 'open'))
    chmodSync(join(homedir(), 'open'), 0o777)
    const provider = new FileSecretProvider({ filePath: '~/open/secrets.json', insecurePermissions: 'refuse' })

    expect(await failureOf(provider.setSecret('A', '1'))).toMatchObject({
      kind: 'insecure',
      detail: 'file.directory_mode',
    })
    expect(provider.isAvailable()).toBe(false)
  })

  it.each([
    ['that only its user can get at', () => file()],
    ['that lies in a directory with the sticky bit', () => file(0o600, 0o1777)],
    ['in a directory that others can only read', () => file(0o400, 0o755)],
  ])('reads and writes a file %s', async (_what, make) => {
    const provider = new FileSecretProvider({ filePath: make(), insecurePermissions: 'refuse' })

    await provider.setSecret('B', '2')

    expect([await provider.getSecret('A'), provider.getSecretSync('B')]).toEqual(['1', '2'])
  })

  it('makes a file and its directory so that it can read them again', async () => {
    const provider = new FileSecretProvider({ filePath: '~/new/secrets.yaml', insecurePermissions: 'refuse' })

    await provider.setSecret('A', '1')

    expect(await provider.getSecret('A')).toBe('1')
  })

  it('refuses a known document too, once others can get at the file', async () => {
    const filePath = file()
    const provider = new FileSecretProvider({ filePath, insecurePermissions: 'refuse' })
    const known = await provider.readDocument()

    chmodSync(filePath, 0o644)

    expect((await failureOf(provider.readDocument({ known }))).kind).toBe('insecure')
    expect((await failureOf(() => provider.readDocumentSync({ known }))).kind).toBe('insecure')
  })
})

describe.each(['warn', 'ignore', undefined] as const)('insecurePermissions: %s', insecurePermissions => {
  it.each(cases)('reads and writes a file %s', async (_what, _id, make) => {
    const provider = new FileSecretProvider({ filePath: make(), insecurePermissions })

    await provider.setSecret('B', '2')

    expect([await provider.getSecret('A'), provider.getSecretSync('B')]).toEqual(['1', '2'])
  })
})

describe('insecurePermissions', () => {
  it.each(['strict', '', null, true])('refuses %j', insecurePermissions => {
    // What a caller without types may hand in.
    expect(() => new FileSecretProvider({ insecurePermissions: insecurePermissions as 'warn' })).toThrow(TypeError)
  })
})
