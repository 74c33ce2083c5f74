import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { caught } from './__fixtures__/caught.ts'
import { cipherOf } from './__fixtures__/known-keys.ts'
import { nextWarning } from './__fixtures__/next-warning.ts'
import { readFixture } from './__fixtures__/read-fixture.ts'
import { createCredentialCipher } from './create-credential-cipher.ts'
import { decryptCredential, encryptCredential, resetCipher } from './default-cipher.ts'

const VARIABLE = 'SIMPLETUNER_CREDENTIAL_KEY'
const keyPath = () => join(homedir(), '.simpletuner', 'credential.key')

function writeKey(content: string | Buffer, mode = 0o600): void {
  mkdirSync(dirname(keyPath()), { recursive: true })
  writeFileSync(keyPath(), content)
  chmodSync(keyPath(), mode)
}

afterEach(() => {
  delete process.env[VARIABLE]
  resetCipher()
})

describe('where the key comes from', () => {
  const sources = readFixture('reference-key-sources')
  /** Where this package answers with an error instead of what Python did. */
  const refused = new Map([
    ['empty file gives the key of the empty string', 'empty'],
    ['white space file gives the key of the empty string', 'empty'],
    ['unreadable file (invalid UTF-8) is overwritten with a new key', 'not_utf8'],
    ['world-readable file is accepted and not tightened', 'insecure'],
    ['directory in place of the file', 'not_a_file'],
  ])
  const used = sources.filter(({ name, derivedFrom }) => derivedFrom !== null && !refused.has(name))
  const generated = sources.filter(({ name, derivedFrom }) => derivedFrom === null && !refused.has(name))

  function arrange(source: (typeof sources)[number]): void {
    Object.assign(process.env, source.env)
    const file = source.files?.['$HOME/.simpletuner/credential.key']
    if (typeof file === 'string') writeKey(file)
    else if (file?.base64 !== undefined) writeKey(Buffer.from(file.base64, 'base64'))
    else if (file?.text !== undefined) writeKey(file.text, Number(file.mode))
    else if (file?.dir === true) mkdirSync(keyPath(), { recursive: true })
  }

  it.each(used)('is as in Python: $name', async source => {
    arrange(source)
    const before = existsSync(keyPath()) && readFileSync(keyPath())

    const token = await encryptCredential('x')

    expect((await cipherOf(source.derivedFrom ?? '')).decrypt(token)).toBe('x')
    expect(existsSync(keyPath()) && readFileSync(keyPath())).toEqual(before)
  })

  it.each(sources.filter(({ name }) => refused.has(name)))(
    'is refused, otherwise than in Python: $name',
    async source => {
      arrange(source)
      const before = statSync(keyPath(), { bigint: true })

      const error = await caught(() => encryptCredential('x'))

      expect(error).toMatchObject({ kind: 'key_refused', detail: refused.get(source.name), path: keyPath() })
      expect(statSync(keyPath(), { bigint: true })).toMatchObject({
        ino: before.ino,
        mtimeNs: before.mtimeNs,
        mode: before.mode,
      })
      expect(readdirSync(dirname(keyPath()))).toEqual(['credential.key'])
    },
  )

  it.each(generated)('is generated and saved as in Python: $name', async () => {
    const token = await encryptCredential('x')

    const secret = readFileSync(keyPath(), 'utf8')
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect((await cipherOf(secret)).decrypt(token)).toBe('x')
    expect(statSync(keyPath()).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(keyPath())).mode & 0o777).toBe(0o700)
  })

  it('has all twelve of them', () => {
    expect([used.length, refused.size, generated.length]).toEqual([5, 5, 2])
  })

  const files = readFixture('key-files').filter(({ token }) => token !== undefined)

  it.each(files.filter(({ secret }) => secret !== ''))(
    'decrypts what Python encrypted with this file: $description',
    async row => {
      writeKey(Buffer.from(row.content, 'base64'))

      expect(await decryptCredential(row.token ?? '')).toBe(row.plaintext)
    },
  )

  it.each(files.filter(({ secret }) => secret === ''))(
    'refuses the key that everybody can compute: $description',
    async row => {
      writeKey(Buffer.from(row.content, 'base64'))

      expect((await caught(() => decryptCredential(row.token ?? ''))).detail).toBe('empty')
    },
  )

  it('takes a variable of white space as it is, and warns', async () => {
    process.env[VARIABLE] = ' '
    const warning = nextWarning()

    const token = await encryptCredential('x')

    expect((await cipherOf(' ')).decrypt(token)).toBe('x')
    expect((await warning).code).toBe('ST_CRYPTO_KEY_WHITE_SPACE')
    expect(existsSync(keyPath())).toBe(false)
  })

  it('refuses a variable that was not UTF-8, where Node has put U+FFFD', async () => {
    process.env[VARIABLE] = 'abc\uFFFD'

    const error = await caught(() => encryptCredential('x'))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'not_utf8' })
    expect(error.message).toContain(VARIABLE)
  })
})

describe('a key that cannot be saved', () => {
  it('is an error, and nothing is written', async () => {
    writeFileSync(join(homedir(), '.simpletuner'), 'no folder')

    const error = await caught(() => encryptCredential('x'))

    expect(error).toMatchObject({ kind: 'key_refused', detail: 'unwritable' })
    expect(error.message).toContain('.simpletuner')
    expect(error.hint).toContain(VARIABLE)
    expect(readFileSync(join(homedir(), '.simpletuner'), 'utf8')).toBe('no folder')
  })

  it('is an error where there is no absolute home folder', async () => {
    const home = homedir()
    process.env['HOME'] = relative(process.cwd(), home)

    const error = await caught(() => encryptCredential('x'))

    expect(error.detail).toBe('unwritable')
    expect(readdirSync(home)).toEqual([])
  })

  it('lives in memory and warns, when told so', async () => {
    writeFileSync(join(homedir(), '.simpletuner'), 'no folder')
    const warning = nextWarning()

    const cipher = await createCredentialCipher({ ephemeral: true })

    expect(cipher.decrypt(cipher.encrypt('x'))).toBe('x')
    expect((await warning).code).toBe('ST_CRYPTO_EPHEMERAL_KEY')
  })

  it('in memory is another one each time', async () => {
    writeFileSync(join(homedir(), '.simpletuner'), 'no folder')
    const [warning, making] = [nextWarning(), createCredentialCipher({ ephemeral: true })]
    await warning
    const [warningAgain, makingAgain] = [nextWarning(), createCredentialCipher({ ephemeral: true })]
    await warningAgain

    expect((await making).keyFingerprint).not.toBe((await makingAgain).keyFingerprint)
  })

  it('does not stand in for a file that is there and cannot be used', async () => {
    writeKey('')

    expect((await caught(() => createCredentialCipher({ ephemeral: true }))).detail).toBe('empty')
  })

  it('is saved nevertheless where it can be', async () => {
    const cipher = await createCredentialCipher({ ephemeral: true })

    expect((await cipherOf(readFileSync(keyPath(), 'utf8'))).keyFingerprint).toBe(cipher.keyFingerprint)
  })

  it('is not written through a link to nothing', async () => {
    mkdirSync(dirname(keyPath()))
    symlinkSync(join(homedir(), 'elsewhere'), keyPath())

    expect((await caught(() => encryptCredential('x'))).detail).toBe('missing')
    expect(existsSync(join(homedir(), 'elsewhere'))).toBe(false)
  })
})

describe('the cipher of the process', () => {
  it('gives back what it encrypted', async () => {
    expect(await decryptCredential(await encryptCredential('r8_my_api_token'))).toBe('r8_my_api_token')
  })

  it('is one for all callers, also for those who come while its key is derived', async () => {
    process.env[VARIABLE] = 'first'
    const early = encryptCredential('early')
    process.env[VARIABLE] = 'second'

    const tokens = [await early, ...(await Promise.all([encryptCredential('a'), encryptCredential('b')]))]

    const first = await cipherOf('first')
    expect(tokens.map(token => first.decrypt(token))).toEqual(['early', 'a', 'b'])
  })

  it('looks at its sources again after a reset', async () => {
    process.env[VARIABLE] = 'first'
    const token = await encryptCredential('x')
    process.env[VARIABLE] = 'second'
    resetCipher()

    const error = await caught(() => decryptCredential(token))

    expect(error.kind).toBe('authentication_failed')
    expect((await cipherOf('second')).decrypt(await encryptCredential('y'))).toBe('y')
  })

  it('does not remember a failure', async () => {
    writeKey('')
    await caught(() => encryptCredential('x'))
    writeKey('mended')

    expect((await cipherOf('mended')).decrypt(await encryptCredential('x'))).toBe('x')
  })

  it('is not forgotten because an attempt before a reset fails late', async () => {
    writeKey('')
    const failing = caught(() => encryptCredential('x'))
    resetCipher()
    process.env[VARIABLE] = 'first'
    const working = encryptCredential('x')
    await failing
    await working
    process.env[VARIABLE] = 'second'

    expect((await cipherOf('first')).decrypt(await encryptCredential('y'))).toBe('y')
  })
})
