import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { SecretError } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../__fixtures__/failure-of.ts'
import type { Credential } from './auth-options.ts'
import { readCredential } from './credential.ts'

const folder = mkdtempSync(join(tmpdir(), 'credential-'))
const origin = { option: 'auth.jwt', provider: 'vault' }

function fileOf(name: string, text: string): Credential {
  const path = join(folder, name)
  writeFileSync(path, text)
  return { path }
}

function pipe(): Credential {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  return { path }
}

describe('a credential', () => {
  it.each<[string, Credential, string]>([
    ['text', ' text ', ' text '],
    ['a function', () => ' text ', ' text '],
    ['an asynchronous function', async () => 'text', 'text'],
    ['a file', fileOf('plain', ' text\r\n\n'), 'text'],
    ['a file of the largest size', fileOf('large', 'x'.repeat(65_536)), 'x'.repeat(65_536)],
  ])('is taken from %s', async (_, credential, text) => {
    expect(await readCredential(credential, origin)).toBe(text)
  })

  it.each<[string, Credential]>([
    ['no file', { path: join(folder, 'absent') }],
    ['a folder', { path: folder }],
    ['a pipe, without waiting', pipe()],
    ['an empty file', fileOf('empty', ' \n')],
    ['a file that is too large', fileOf('huge', 'x'.repeat(65_537))],
    ['an endless file', { path: '/dev/zero' }],
    ['a function that gives nothing', () => ''],
    // What callers without types do.
    ['a function that gives no text', (() => undefined) as unknown as () => string],
  ])('cannot be taken from %s', async (_, credential) => {
    const failure = await failureOf(readCredential(credential, origin))

    expect(failure).toMatchObject({ kind: 'not_configured', provider: 'vault' })
    expect(failure.message).toMatch(/^auth\.jwt (gives no text|names the file ".*", which)/)
  })

  it('whose function fails may be had later, and shows nothing of what it threw', async () => {
    const failure = await failureOf(readCredential(() => Promise.reject(new Error('canary')), origin))

    expect(failure).toMatchObject({ kind: 'unavailable', transient: true })
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary')
  })

  it('whose function knows better keeps its failure', async () => {
    const failure = new SecretError('forbidden', 'no')

    expect(await failureOf(readCredential(() => Promise.reject(failure), origin))).toBe(failure)
  })
})
