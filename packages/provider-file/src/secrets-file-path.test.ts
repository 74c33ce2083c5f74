import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FileSecretProvider } from './file-secret-provider.ts'
import { defaultFilePath, expandedPath } from './secrets-file-path.ts'

vi.mock(import('node:os'), async importOriginal => {
  const original = await importOriginal()
  return { ...original, homedir: vi.fn<() => string>(original.homedir) }
})

afterEach(() => {
  vi.mocked(homedir).mockReset()
})

/** What `homedir` does for a user without HOME and without an entry in the password database. */
function loseHome(): void {
  const error = Object.assign(new Error('A system error occurred: uv_os_homedir returned ENOENT'), { code: 'ENOENT' })
  vi.mocked(homedir).mockImplementation(() => {
    throw error
  })
}

describe('expandedPath', () => {
  it.each([
    ['~', ''],
    ['~/secrets.json', 'secrets.json'],
    ['~/a/../b.yaml', 'b.yaml'],
  ])('takes the tilde of %s for the home directory', (path, inHome) => {
    expect(expandedPath(path)).toBe(join(homedir(), inHome))
  })

  it.each(['~user/secrets.json', 'a~b.json', '$HOME/secrets.json', '${HOME}/secrets.json'])(
    'keeps %s as it is',
    path => {
      expect(expandedPath(path)).toBe(join(process.cwd(), path))
    },
  )
})

describe('without a home directory', () => {
  it('there is no default file: nothing is available, and nothing can be written', async () => {
    loseHome()
    const provider = new FileSecretProvider()

    const failure: unknown = await provider.setSecret('NAME', 'ada').catch((error: unknown) => error)

    expect(defaultFilePath()).toBeUndefined()
    expect(provider.isAvailable()).toBe(false)
    expect(await provider.getSecret('NAME')).toBeUndefined()
    expect(provider.describe()).toEqual({ filePath: undefined })
    expect(failure).toBeInstanceOf(SecretError)
    expect(failure).toMatchObject({ kind: 'not_configured', provider: 'file', hint: expect.stringContaining('HOME') })
  })

  it('a tilde is an ordinary name', () => {
    loseHome()

    expect(expandedPath('~/secrets.json')).toBe(join(process.cwd(), '~/secrets.json'))
  })
})
