import {
  appendFileSync,
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { oldCipher, rotatingBy, testCiphers } from './__fixtures__/keys.ts'
import { rotateFile, type RotationOptions } from './rotate-file.ts'
import { noContext } from './row-context.ts'
import { longestRecord } from './text-chunks.ts'
import type { TokenFile } from './token-record.ts'
import { rotationExitCode, type TokenProgress } from './token-report.ts'

const canary = 'r8_canary_9f2c'
let folder: string

beforeEach(() => {
  folder = join(homedir(), 'tokens')
  mkdirSync(folder, { mode: 0o700 })
})

function plant(name: string, content: string | Uint8Array): TokenFile {
  const path = join(folder, name)
  writeFileSync(path, content, { mode: 0o640 })
  chmodSync(path, 0o640)
  return { path, type: name.endsWith('.csv') ? 'csv' : 'ndjson', member: 'token', delimiter: ',' }
}

async function options(changes: Partial<RotationOptions> = {}): Promise<RotationOptions> {
  return { ciphers: await testCiphers(), context: noContext, ...changes }
}

/** Why a rotation fails; the folder holds nothing else afterwards, and the file is as it was. */
async function failureOf(file: TokenFile, changes: Partial<RotationOptions> = {}): Promise<unknown> {
  const before = readFileSync(file.path)
  const failure: unknown = await rotateFile(file, await options(changes)).then(
    () => undefined,
    (error: unknown) => error,
  )

  expect(readFileSync(file.path).equals(before)).toBe(true)
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary)
  return failure
}

describe('rotateFile', () => {
  it('changes the tokens of NDJSON, and nothing else', async () => {
    const old = await oldCipher()
    const { ring, target } = await testCiphers()
    const tokens = [old.encrypt(canary), old.encrypt(''), ring.encrypt('new already')]
    const [first = '', second = '', third = ''] = tokens
    const text = (...written: readonly string[]): string =>
      `\uFEFF{ "id":1, "token" : "${written[0]}" , "x":{"token":"no"}, "n":1.50 }\r\n\n` +
      `{"token":null}\n{"id":2}\n{"token":""}\n{"token":"${written[1]}","é":"\\u00e9"}\n{"token":"${written[2]}"}`
    const file = plant('tokens.ndjson', text(first, second, third))

    const report = await rotateFile(file, await options())

    const rotated = readFileSync(file.path, 'utf8')
    const written = [...rotated.matchAll(/"token" ?: ?"([^"]{20,})"/g)].map(([, token = '']) => token)
    expect(rotated).toBe(text(...written))
    expect(written.map(token => target.decrypt(token))).toEqual([canary, '', 'new already'])
    expect(written[2]).toBe(third)
    expect(report).toEqual({ tokens: 3, changed: 2, empty: 3, problems: [], verified: 2, isWritten: true })
    expect(statSync(file.path).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['tokens.ndjson'])
  })

  it('changes the tokens of CSV, and nothing else', async () => {
    const old = await oldCipher()
    const { target } = await testCiphers()
    const text = (first: string, second: string): string =>
      `id,token,"no""te"\r\n1,${first},"a\r\nb"\r\n\r\n"2","${second}",\r\n3,,"x,y"`
    const file = plant('tokens.csv', text(old.encrypt(canary), old.encrypt('two')))

    const report = await rotateFile(file, await options())

    const rotated = readFileSync(file.path, 'utf8')
    const [first = '', second = ''] = [...rotated.matchAll(/,"?([\w=-]{40,})"?,/g)].map(([, token = '']) => token)
    expect(rotated).toBe(text(first, second))
    expect([target.decrypt(first), target.decrypt(second)]).toEqual([canary, 'two'])
    expect(report).toMatchObject({ tokens: 2, changed: 2, empty: 1, verified: 2 })
  })

  it('has nothing to write the second time', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)
    await rotateFile(file, await options())
    const { ino } = statSync(file.path)

    const report = await rotateFile(file, await options())

    expect(report).toMatchObject({ tokens: 1, changed: 0, isWritten: false })
    expect(statSync(file.path).ino).toBe(ino)
  })

  it('binds st2 tokens to what the record and the user say', async () => {
    const { ring, target } = await testCiphers('st2')
    const token = (await oldCipher()).encrypt(canary)
    const file = plant('tokens.csv', `user,token\n7,${token}\n`)
    const context = { fixed: { table: 'credentials' }, members: { id: 'user' } }

    const report = await rotateFile(file, await options({ ciphers: { ring, target }, context }))

    const written = readFileSync(file.path, 'utf8').split(/[,\n]/)[3] ?? ''
    expect(report.changed).toBe(1)
    expect(target.decrypt(written, { table: 'credentials', id: '7' })).toBe(canary)
    expect(() => target.decrypt(written, { table: 'credentials', id: '8' })).toThrow('authentic')
  })

  it('names a record that lacks what its token is bound to', async () => {
    const ciphers = await testCiphers('st2')
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)

    const report = await rotateFile(file, await options({ ciphers, context: { fixed: {}, members: { id: 'user' } } }))

    expect(report.problems).toEqual([{ place: 'line 1', kind: 'no_context' }])
  })

  it('writes nothing in a dry run', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)
    const before = readFileSync(file.path)

    const report = await rotateFile(file, await options({ isDryRun: true }))

    expect(report).toMatchObject({ tokens: 1, changed: 1, verified: 0, isWritten: false })
    expect(readFileSync(file.path)).toEqual(before)
  })

  it('names tokens that do not decrypt by their lines, and writes nothing', async () => {
    const token = (await oldCipher()).encrypt('fine')
    const file = plant('tokens.ndjson', `{"token":"${token}"}\n{"token":"${canary}"}\n{"token":"st2.0000.x.y"}\n`)
    const before = readFileSync(file.path)

    const report = await rotateFile(file, await options())

    expect(report.problems.map(({ place }) => place)).toEqual(['line 2', 'line 3'])
    expect(rotationExitCode(report)).toBe(6)
    expect(JSON.stringify(report)).not.toContain(canary)
    expect(readFileSync(file.path)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['tokens.ndjson'])
  })

  it('rotates the rest when told so', async () => {
    const token = (await oldCipher()).encrypt('fine')
    const file = plant('tokens.csv', `token\n${canary}\n${token}\n`)

    const report = await rotateFile(file, await options({ skipsProblems: true }))

    const [, bad, good = ''] = readFileSync(file.path, 'utf8').split('\n')
    expect(report).toMatchObject({ changed: 1, verified: 1, isWritten: true })
    expect(rotationExitCode(report)).toBe(6)
    expect(bad).toBe(canary)
    expect((await testCiphers()).target.decrypt(good)).toBe('fine')
  })

  it('replaces the file that a link leads to, and keeps the link', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)
    const link = join(folder, 'link.ndjson')
    symlinkSync('tokens.ndjson', link)

    const report = await rotateFile({ ...file, path: link }, await options())

    expect(report.isWritten).toBe(true)
    expect(lstatSync(link).isSymbolicLink() && readlinkSync(link)).toBe('tokens.ndjson')
  })

  it('leaves a file that somebody changes meanwhile as they left it', async () => {
    const line = `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`
    const file = plant('tokens.ndjson', line)
    let isChanged = false
    const onProgress = ({ phase }: TokenProgress): void => {
      if (phase !== 'verifying' || isChanged) return
      isChanged = true
      appendFileSync(file.path, '\n')
    }

    const failure: unknown = await rotateFile(file, await options({ onProgress })).catch((error: unknown) => error)

    expect(failure).toMatchObject({ exitCode: 7 })
    expect(readFileSync(file.path, 'utf8')).toBe(`${line}\n`)
    expect(readdirSync(folder)).toEqual(['tokens.ndjson'])
  })

  it.each([
    ['another plaintext', 'ring'],
    ['a token that takes the old key', 'old'],
  ] as const)('keeps the file when what was written is %s', async (_, by) => {
    const ciphers = { ...(await testCiphers()), old: await oldCipher() }
    const file = plant('tokens.ndjson', `{"token":"${ciphers.old.encrypt(canary)}"}\n`)
    const ring = rotatingBy(ciphers.ring, () => ciphers[by].encrypt(by === 'ring' ? 'another' : canary))

    const failure = await failureOf(file, { ciphers: { ring, target: ciphers.target } })

    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('is not what it should be') })
  })

  it('keeps the file when something but the tokens has changed on the way', async () => {
    const { ring, target } = await testCiphers()
    const line = `{"id":"first","token":"${(await oldCipher()).encrypt(canary)}"}\n`
    const file = plant('tokens.ndjson', line.repeat(3000))
    let rotated = 0
    const damaging = rotatingBy(ring, token => {
      rotated += 1
      // By then the beginning is written.
      if (rotated === 2900) {
        const name = readdirSync(folder).find(left => left.endsWith('.tmp')) ?? ''
        const written = openSync(join(folder, name), 'r+')
        writeSync(written, 'FIRST', '{"id":"'.length)
        closeSync(written)
      }
      return ring.rotate(token)
    })

    const failure = await failureOf(file, { ciphers: { ring: damaging, target } })

    expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('is not what it should be') })
  })

  it('removes what killed processes left, and not what others write', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)
    const [dead, alive] = [
      `.tokens.ndjson.st-secrets.999999999.${'a'.repeat(12)}.tmp`,
      '.tokens.ndjson.st-secrets.x.tmp',
    ]
    writeFileSync(join(folder, dead), 'left')
    writeFileSync(join(folder, alive), 'kept')

    await rotateFile(file, await options())

    expect(readdirSync(folder).toSorted()).toEqual([alive, 'tokens.ndjson'])
  })

  it('ends when it is told to, with the file as it was', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)

    expect(await failureOf(file, { signal: AbortSignal.abort(new Error('enough')) })).toMatchObject({
      message: 'enough',
    })
  })

  it('tells how far it is, up to the end', async () => {
    const file = plant('tokens.ndjson', `{"token":"${(await oldCipher()).encrypt(canary)}"}\n`)
    const told: TokenProgress[] = []

    await rotateFile(file, await options({ onProgress: progress => told.push(progress) }))

    const { size } = statSync(file.path)
    expect(told).toEqual([
      { phase: 'rewriting', done: size, total: size },
      { phase: 'verifying', done: size, total: size },
    ])
  })
})

describe('rotateFile of what is no file of tokens', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['a line that is no JSON', 'a.ndjson', `{"token":null}\n{"token":${canary}}\n`, 'Line 2 of'],
    ['a line that is no object', 'a.ndjson', `["${canary}"]\n`, 'is no JSON object'],
    ['a member that is no text', 'a.ndjson', '{"token":1}\n', 'has no text as "token"'],
    ['a member that is there twice', 'a.ndjson', `{"token":"${canary}","token":"x"}\n`, 'more than once'],
    ['no line with the member', 'a.ndjson', `{"tokens":"${canary}"}\n`, 'has a member "token"'],
    ['bytes that are no text', 'a.ndjson', Buffer.from([0x7b, 0xff, 0xfe, 0x0a]), 'is not UTF-8 text'],
    ['no column of that name', 'a.csv', `id,tokens\n1,${canary}\n`, 'has no column "token"'],
    ['the column twice', 'a.csv', `token,token\n1,${canary}\n`, 'more than once'],
    ['an empty file of CSV', 'a.csv', '\n', 'has no column "token"'],
    ['a row that is too short', 'a.csv', `id,token\n${canary}\n`, 'begins a row of 1 fields, and the first row has 2'],
    ['a quote that is never closed', 'a.csv', `id,token\n1,"${canary}\n2,x\n`, 'Line 2 of'],
    ['text behind a quote', 'a.csv', `id,token\n1,"x"${canary}\n`, 'has text behind a closing quote'],
    ['a binary file as CSV', 'a.csv', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x80, 0x01]), 'is not UTF-8 text'],
  ])('says so of %s', async (...[, name, content, message]) => {
    const failure = await failureOf(plant(name, content))

    expect(failure).toMatchObject({ name: 'CliError', exitCode: 6, message: expect.stringContaining(message) })
  })

  it('says so of a file without lines', async () => {
    const report = await rotateFile(plant('a.ndjson', ''), await options())

    expect(report).toMatchObject({ tokens: 0, isWritten: false })
  })

  it('says so of a record that never ends', async () => {
    const file = plant('a.ndjson', Buffer.alloc(longestRecord + 10, 'a'))

    expect(await failureOf(file)).toMatchObject({ exitCode: 6, message: expect.stringContaining('characters') })
  })

  it('says so of a path that leads to nothing, or to a folder', async () => {
    const file: TokenFile = { path: join(folder, 'none'), type: 'csv', member: 'token', delimiter: ',' }

    await expect(rotateFile(file, await options())).rejects.toMatchObject({ exitCode: 3 })
    await expect(rotateFile({ ...file, path: folder }, await options())).rejects.toMatchObject({ exitCode: 6 })
  })
})
