import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { nextWarning } from './__fixtures__/next-warning.ts'
import { readKeyFile, readKeyFileIfAny } from './key-file.ts'

function keyFile(content: string | Buffer, mode = 0o600): string {
  const path = join(homedir(), 'a.key')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('readKeyFile', () => {
  it('reads the secret', async () => {
    const path = keyFile('a secret\n')

    expect(await readKeyFile(path, 'error')).toBe('a secret')
  })

  it('follows a link, as orchestrators mount secrets, and checks the file behind it', async () => {
    const path = keyFile('a secret')
    const link = join(homedir(), 'link.key')
    symlinkSync(path, link)

    const read = await readKeyFile(link, 'error')
    chmodSync(path, 0o644)

    expect(read).toBe('a secret')
    expect((await caught(() => readKeyFile(link, 'error'))).detail).toBe('insecure')
  })

  it.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['white space', Buffer.from(' \n\u0085\u001F'), 'empty'],
    ['not UTF-8', Buffer.from([0x6b, 0xff, 0xfe]), 'not_utf8'],
    ['UTF-16', Buffer.from('\uFEFFkey', 'utf16le'), 'not_utf8'],
  ])('refuses a file that is %s, and leaves it as it is', async (_, content, detail) => {
    const path = keyFile(content)

    const error = await caught(() => readKeyFile(path, 'error'))

    expect(error).toMatchObject({ kind: 'key_refused', code: 'ST_CRYPTO_KEY_REFUSED', detail, path })
    expect(error.hint).toContain('Restore it from a backup')
    expect(readFileSync(path)).toEqual(content)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('refuses a file that does not exist, with the command that makes one', async () => {
    const path = join(homedir(), "it's a.key")

    const error = await caught(() => readKeyFile(path, 'error'))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'missing', path })
    expect(error.hint).toMatch(/\(umask 077 && openssl rand -base64 32 > .*\)$/)
    execFileSync('sh', ['-c', error.hint?.split('make a new key: ')[1] ?? 'false'], { stdio: 'ignore' })
    expect(await readKeyFile(path, 'error')).toHaveLength(44)
  })

  it('refuses a link to nothing', async () => {
    const path = join(homedir(), 'link.key')
    symlinkSync(join(homedir(), 'nothing'), path)

    expect((await caught(() => readKeyFile(path, 'error'))).detail).toBe('missing')
  })

  it('refuses a link that leads to itself', async () => {
    const path = join(homedir(), 'link.key')
    symlinkSync(path, path)

    const error = await caught(() => readKeyFile(path, 'error'))

    expect(error).toMatchObject({ detail: 'unreadable', message: `Key file ${path} cannot be read (ELOOP)` })
  })

  it('refuses a folder', async () => {
    const path = join(homedir(), 'folder.key')
    mkdirSync(path)

    expect((await caught(() => readKeyFile(path, 'error'))).detail).toBe('not_a_file')
  })

  it('refuses a device, which would read as an empty file', async () => {
    const path = join(homedir(), 'device.key')
    symlinkSync('/dev/null', path)

    expect((await caught(() => readKeyFile(path, 'error'))).detail).toBe('not_a_file')
  })

  it('refuses a named pipe at once, instead of waiting for a writer', async () => {
    const path = join(homedir(), 'pipe.key')
    execFileSync('mkfifo', ['-m', '600', path])

    expect((await caught(() => readKeyFile(path, 'error'))).detail).toBe('not_a_file')
  })

  it.each([0o644, 0o640, 0o604, 0o660, 0o606, 0o601])('refuses mode %o, with the command that mends it', async mode => {
    const path = keyFile('a secret', mode)

    const error = await caught(() => readKeyFile(path, 'error'))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'insecure', path })
    expect(error.message).toContain(`mode 0${mode.toString(8)}`)
    execFileSync('sh', ['-c', error.hint?.split(' (or')[0] ?? 'false'])
    expect(await readKeyFile(path, 'error')).toBe('a secret')
  })

  it('uses a file open to others and warns, when told so', async () => {
    const path = keyFile('a secret', 0o644)
    const warning = nextWarning()

    const secret = await readKeyFile(path, 'warn')

    expect(secret).toBe('a secret')
    expect(await warning).toMatchObject({ name: 'CredentialWarning', code: 'ST_CRYPTO_INSECURE_KEY_FILE' })
    expect((await warning).message).toContain(`chmod 600 ${path}`)
    expect((await warning).message).not.toContain('a secret')
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  it('takes a path through a file for a path to nothing', async () => {
    const path = join(keyFile('a secret'), 'below.key')

    expect(await readKeyFileIfAny(path, 'error')).toBeUndefined()
  })
})
