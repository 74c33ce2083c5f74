import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describeProviderContract } from '@st/provider-testkit'
import type { ProviderSource } from '@st/provider-testkit'
import type { SecretProvider } from '@st/secrets-core/provider'
import { describe, expect, it, vi } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { printed } from './__fixtures__/printed.ts'
import { FileSecretProvider } from './file-secret-provider.ts'
import type { FileSecretProviderOptions } from './file-secret-provider.ts'

function providerOver(
  name: string,
  text: string | Uint8Array,
  options: FileSecretProviderOptions = {},
): FileSecretProvider {
  const filePath = join(homedir(), name)
  writeFileSync(filePath, text)
  return new FileSecretProvider({ filePath, ...options })
}

function yamlOf(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([key, value]) => `? ${JSON.stringify(key)}\n: ${JSON.stringify(value)}\n`)
    .join('')
}

/** The provider over a file that its process may not open. */
const overForbiddenFile: ProviderSource = secrets => {
  chmodSync(homedir(), 0o755)
  const provider = providerOver('forbidden.json', JSON.stringify(secrets))
  chmodSync(join(homedir(), 'forbidden.json'), 0o000)
  return {
    name: provider.name,
    isAvailable: () => provider.isAvailable(),
    getSecret: key => asUnprivileged(() => provider.getSecret(key)),
    readDocument: lookup => asUnprivileged(() => provider.readDocument(lookup)),
  } satisfies SecretProvider
}

describe('FileSecretProvider', () => {
  describe('over JSON', () => {
    describeProviderContract(
      {
        holding: secrets => providerOver('secrets.json', JSON.stringify(secrets)),
        faulty: {
          forbidden: overForbiddenFile,
          malformed: secrets => providerOver('secrets.json', `${JSON.stringify(secrets).slice(0, -1)}, oops}`),
          huge_body: secrets => providerOver('secrets.json', JSON.stringify(secrets), { maxBytes: 10 }),
        },
      },
      { describe, it },
    )
  })

  describe('over YAML', () => {
    describeProviderContract(
      {
        holding: secrets => providerOver('secrets.yaml', yamlOf(secrets)),
        faulty: { malformed: secrets => providerOver('secrets.yaml', `A: ${secrets['HELD_KEY']}: x\n`) },
      },
      { describe, it },
    )
  })

  it('is named file unless it is told otherwise', () => {
    expect(new FileSecretProvider().name).toBe('file')
    expect(new FileSecretProvider({ name: 'shared' }).name).toBe('shared')
  })

  it.each([42, null, 'a\0b'])('refuses %j as a path', filePath => {
    // What a caller without types may hand in.
    expect(() => new FileSecretProvider({ filePath: filePath as string })).toThrow(TypeError)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as the largest size', maxBytes => {
    expect(() => new FileSecretProvider({ maxBytes })).toThrow(RangeError)
  })

  describe('without a file', () => {
    it.each([undefined, '~/absent.json', '~/absent/deep.yaml'])(
      'is not available and has no key (%s)',
      async filePath => {
        const provider = new FileSecretProvider({ filePath })

        expect(provider.isAvailable()).toBe(false)
        expect(await provider.readDocument()).toBeUndefined()
        expect(provider.readDocumentSync()).toBeUndefined()
        expect(await provider.getSecret('ANY')).toBeUndefined()
        expect(provider.getSecretSync('ANY')).toBeUndefined()
      },
    )

    it('finds a file that is made later', async () => {
      const provider = new FileSecretProvider()

      mkdirSync(join(homedir(), '.simpletuner'))
      writeFileSync(join(homedir(), '.simpletuner', 'secrets.yml'), 'NAME: ada\n')

      expect(provider.isAvailable()).toBe(true)
      expect(await provider.getSecret('NAME')).toBe('ada')
      expect(provider.describe()).toMatchObject({
        filePath: join(homedir(), '.simpletuner', 'secrets.yml'),
        format: 'YAML',
      })
    })
  })

  it('passes over a directory with the name of a default file', async () => {
    mkdirSync(join(homedir(), '.simpletuner', 'secrets.json'), { recursive: true })
    writeFileSync(join(homedir(), '.simpletuner', 'secrets.yaml'), 'NAME: ada\n')

    expect(await new FileSecretProvider().getSecret('NAME')).toBe('ada')
  })

  it('takes a path for what it was where the provider was made, also after a change of directory', () => {
    const before = process.cwd()
    const provider = new FileSecretProvider({ filePath: 'here.json' })

    process.chdir(homedir())
    const { filePath } = provider.describe()
    process.chdir(before)

    expect(filePath).toBe(join(before, 'here.json'))
  })

  it('tells a key that holds no string from a missing one', async () => {
    const provider = providerOver('secrets.json', '{"LIST": ["unusable-canary"], "OBJECT": {}, "NULL": null}')

    const failure = await failureOf(provider.getSecret('LIST'))

    expect(failure).toMatchObject({ kind: 'invalid', provider: 'file', key: 'LIST' })
    expect(failure.message).toContain('array')
    expect(printed(failure)).not.toContain('unusable-canary')
    expect(() => provider.getSecretSync('OBJECT')).toThrow('object')
    expect(await provider.getSecret('NULL')).toBeUndefined()
  })

  it('says in the document where it comes from', async () => {
    const provider = providerOver('secrets.json', '{"A":"1","B":[1]}')

    expect(await provider.readDocument()).toEqual({
      values: new Map([['A', '1']]),
      unusable: new Map([['B', 'array']]),
      locator: join(homedir(), 'secrets.json'),
      ttl: 1,
    })
  })

  it('says what it reads, and with which mode, when there is a file', () => {
    const provider = providerOver('secrets.json', '{}')
    chmodSync(join(homedir(), 'secrets.json'), 0o640)

    expect(provider.describe()).toEqual({ filePath: join(homedir(), 'secrets.json'), format: 'JSON', mode: '0640' })
    expect(new FileSecretProvider({ filePath: '~/absent.yml' }).describe()).toEqual({
      filePath: join(homedir(), 'absent.yml'),
      format: 'YAML',
      mode: undefined,
    })
  })

  it('shows no value when it is printed after a read', async () => {
    const provider = providerOver('secrets.json', '{"A":"printing-canary"}')

    const document = await provider.readDocument()
    await provider.readDocument({ known: document })

    expect(inspect(provider, { depth: 20, showHidden: true })).not.toContain('printing-canary')
  })

  describe('given the document it made', () => {
    const hourAgo = new Date(Date.now() - 3_600_000)

    it('returns that very document while the file is the same', async () => {
      const provider = providerOver('secrets.json', '{"A":"1"}')

      const known = await provider.readDocument()

      expect(await provider.readDocument({ known })).toBe(known)
      expect(provider.readDocumentSync({ known })).toBe(known)
      expect(await provider.readDocument({ known })).toBe(known)
    })

    it.each([
      ['its text and its size', '{"A":"other"}'],
      ['its text and not its size', '{"A":"2"}'],
      ['what is unusable', '{"A":"1","B":[]}'],
    ])('returns another one when the file has changed in %s', async (_what, text) => {
      const provider = providerOver('secrets.json', '{"A":"1"}')
      const known = await provider.readDocument()

      writeFileSync(join(homedir(), 'secrets.json'), text)

      expect(await provider.readDocument({ known })).not.toBe(known)
      expect(provider.readDocumentSync({ known })).not.toBe(known)
    })

    it('notices a change that leaves size and modification time as they were', async () => {
      const provider = providerOver('secrets.json', '{"A":"1"}')
      utimesSync(join(homedir(), 'secrets.json'), hourAgo, hourAgo)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
      const known = await provider.readDocument()
      vi.useRealTimers()

      // More than once, so that the clock of the file system has gone on.
      for (let round = 0; round < 200; round += 1) {
        writeFileSync(join(homedir(), 'secrets.json'), '{"A":"2"}')
        utimesSync(join(homedir(), 'secrets.json'), hourAgo, hourAgo)
      }

      expect((await provider.readDocument({ known }))?.values.get('A')).toBe('2')
    })

    it('notices 200 changes that follow each other faster than the clock of a file system goes', () => {
      const provider = providerOver('secrets.json', '{"A":"0"}')

      const seen = Array.from({ length: 200 }, (_, round) => {
        writeFileSync(join(homedir(), 'secrets.json'), '{"A":"1"}')
        const known = provider.readDocumentSync()
        writeFileSync(join(homedir(), 'secrets.json'), '{"A":"2"}')
        return [round, provider.readDocumentSync({ known })?.values.get('A')]
      })

      expect(seen.filter(([, value]) => value !== '2')).toEqual([])
    })

    it('does not take the document of another provider, or of another file, for its own', async () => {
      const provider = providerOver('secrets.json', '{"A":"1"}')
      const other = providerOver('other.json', '{"A":"2"}')
      const foreign = await other.readDocument()

      expect((await provider.readDocument({ known: foreign }))?.values.get('A')).toBe('1')
      expect((await provider.readDocument({ known: { values: new Map() } }))?.values.get('A')).toBe('1')
    })

    it('reads a file anew that is in use under another name, and so in another language', async () => {
      const directory = join(homedir(), '.simpletuner')
      mkdirSync(directory)
      writeFileSync(join(homedir(), 'both'), '{"A":"1"}')
      for (const name of ['secrets.json', 'secrets.yaml']) symlinkSync(join(homedir(), 'both'), join(directory, name))
      const provider = new FileSecretProvider()
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
      const known = await provider.readDocument()
      vi.useRealTimers()

      rmSync(join(directory, 'secrets.json'))

      expect((await provider.readDocument({ known }))?.locator).toBe(join(directory, 'secrets.yaml'))
      expect(provider.readDocumentSync({ known })?.locator).toBe(join(directory, 'secrets.yaml'))
    })

    it('answers undefined once the file is gone', async () => {
      const provider = providerOver('secrets.json', '{"A":"1"}')
      const known = await provider.readDocument()

      rmSync(join(homedir(), 'secrets.json'))

      expect(await provider.readDocument({ known })).toBeUndefined()
      expect(provider.readDocumentSync({ known })).toBeUndefined()
    })

    it('rejects once the file is damaged, and answers again when it is repaired', async () => {
      const provider = providerOver('secrets.json', '{"A":"1"}')
      const known = await provider.readDocument()

      writeFileSync(join(homedir(), 'secrets.json'), '{"A":')
      const failure = await failureOf(provider.readDocument({ known }))
      writeFileSync(join(homedir(), 'secrets.json'), '{"A":"3"}')

      expect(failure.kind).toBe('malformed')
      expect((await provider.readDocument({ known }))?.values.get('A')).toBe('3')
    })

    it.runIf(process.geteuid?.() === 0)('opens a file again that has changed within the last two seconds', async () => {
      chmodSync(homedir(), 0o755)
      const provider = providerOver('secrets.json', '{"A":"1"}')
      chmodSync(join(homedir(), 'secrets.json'), 0o600)
      const known = await provider.readDocument()

      const failure = await asUnprivileged(() => failureOf(provider.readDocument({ known })))

      expect(failure.kind).toBe('forbidden')
    })

    it('only looks at a file that is older than the steps of a clock, and does not open it', async () => {
      chmodSync(homedir(), 0o755)
      const provider = providerOver('secrets.json', '{"A":"1"}')
      chmodSync(join(homedir(), 'secrets.json'), 0o600)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
      const known = await provider.readDocument()
      vi.useRealTimers()

      await asUnprivileged(async () => {
        expect(await provider.readDocument({ known })).toBe(known)
        expect(provider.readDocumentSync({ known })).toBe(known)
      })
    })
  })

  describe('when it fails', () => {
    const canary = 'r8_failure-canary-41d7'

    it.each([
      ['secrets.json', `{"TOKEN": ${canary}}`],
      ['secrets.json', `{"TOKEN": "${canary}" oops}`],
      ['secrets.json', canary],
      ['secrets.json', `{"TOKEN": "${canary}\\q"}`],
      ['secrets.json', `["${canary}"]`],
      ['secrets.yaml', `TOKEN: ${canary}: x\n`],
      ['secrets.yaml', `TOKEN: !${canary} x\n`],
      ['secrets.yaml', `TOKEN: *${canary}\n`],
      ['secrets.yaml', `TOKEN: "${canary}\\q"\n`],
      ['secrets.yaml', `TOKEN: '${canary}\n`],
      ['secrets.yaml', `A: 1\n---\nTOKEN: ${canary}\n`],
      ['secrets.yaml', `${canary}\n`],
      ['secrets.yaml', `%${canary}\n---\nA: [\n`],
      ['secrets.yaml', `<<: ${canary}\n`],
    ])('quotes nothing of a damaged %s: %s', async (name, text) => {
      const provider = providerOver(name, text)

      for (const failure of [
        await failureOf(provider.getSecret('TOKEN')),
        await failureOf(provider.setSecret('TOKEN', `${canary}-new`)),
        await failureOf(Promise.resolve().then(() => provider.readDocumentSync())),
      ]) {
        expect(failure.kind).toBe('malformed')
        expect(failure.message).toContain(join(homedir(), name))
        expect(failure.provider).toBe('file')
        expect(failure.hint).toBeDefined()
        expect(printed(failure)).not.toContain(canary)
      }
    })

    it.each([
      ['secrets.json', '{\n  "GOOD": "x",\n  "TOKEN": oops\n}', 'line 3, column 12'],
      ['secrets.yaml', 'GOOD: x\nTOKEN: a: b\n', 'line 2, column'],
      ['secrets.yaml', 'GOOD: x\nTOKEN: !custom b\n', 'line 2, column'],
      ['secrets.yaml', 'GOOD: x\nTOKEN: *absent\n', 'line 2, column 8'],
    ])('says where %s is damaged, in the message and in the remedy', async (name, text, position) => {
      const { message, hint } = await failureOf(providerOver(name, text).getSecret('GOOD'))

      expect(message).toContain(position)
      expect(hint).toContain(`${join(homedir(), name)}, ${position}`)
    })

    it('says forbidden, and how to help it, where the file may not be opened', async () => {
      const provider = await overForbiddenFile({ HELD_KEY: canary })

      const failure = await failureOf(provider.getSecret('HELD_KEY', { signal: new AbortController().signal }))

      expect(failure).toMatchObject({ kind: 'forbidden', provider: 'file', detail: 'EACCES', transient: false })
      expect(failure.message).toContain(join(homedir(), 'forbidden.json'))
      expect(failure.hint).toContain('Let this user read')
    })

    it('asks a file that it may not even look at, so that the answer is no miss', async () => {
      chmodSync(homedir(), 0o755)
      mkdirSync(join(homedir(), 'closed'))
      const provider = providerOver('closed/secrets.json', '{"A":"1"}')
      chmodSync(join(homedir(), 'closed'), 0o000)

      const [isAvailable, failure] = await asUnprivileged(async () => [
        provider.isAvailable(),
        await failureOf(provider.getSecret('A')),
      ])
      chmodSync(join(homedir(), 'closed'), 0o755)

      expect(isAvailable).toBe(true)
      expect(failure).toMatchObject({ kind: 'forbidden', detail: 'EACCES' })
    })

    it('refuses a directory and a pipe as a file, without waiting', async () => {
      mkdirSync(join(homedir(), 'directory.json'))
      execFileSync('mkfifo', [join(homedir(), 'pipe.json')])

      for (const name of ['directory.json', 'pipe.json']) {
        const provider = new FileSecretProvider({ filePath: join(homedir(), name) })
        const failure = await failureOf(provider.getSecret('A'))

        expect(provider.isAvailable()).toBe(true)
        expect(failure).toMatchObject({ kind: 'malformed', detail: 'not_a_file' })
        expect(() => provider.readDocumentSync()).toThrow('is not a regular file')
      }
    })

    it('reads files up to the largest size, and refuses larger ones with the option in the hint', async () => {
      const text = JSON.stringify({ A: 'x'.repeat(100) })

      const fitting = providerOver('secrets.json', text, { maxBytes: text.length })
      const tooSmall = new FileSecretProvider({ filePath: '~/secrets.json', maxBytes: text.length - 1 })

      expect(await fitting.getSecret('A')).toHaveLength(100)
      expect(await failureOf(tooSmall.getSecret('A'))).toMatchObject({ kind: 'malformed', detail: 'too_large' })
      expect((await failureOf(tooSmall.getSecret('A'))).hint).toContain('maxBytes')
      expect(() => tooSmall.getSecretSync('A')).toThrow(`larger than ${text.length - 1} bytes`)
    })

    it('refuses more than 1 MiB unless it is told otherwise', async () => {
      const text = JSON.stringify({ A: 'x'.repeat(1024 * 1024) })

      expect((await failureOf(providerOver('secrets.json', text).getSecret('A'))).message).toContain('1048576 bytes')
    })

    it('says malformed for a loop of symbolic links', async () => {
      execFileSync('ln', ['-s', 'loop.json', join(homedir(), 'loop.json')])
      const provider = new FileSecretProvider({ filePath: '~/loop.json' })

      expect(await failureOf(provider.getSecret('A'))).toMatchObject({ kind: 'malformed', detail: 'ELOOP' })
      expect(await failureOf(provider.setSecret('A', 'x'))).toMatchObject({ kind: 'malformed', detail: 'ELOOP' })
    })

    it('says not_configured for a path that is too long', async () => {
      const provider = new FileSecretProvider({ filePath: `/${'x'.repeat(5000)}.json` })

      expect((await failureOf(provider.getSecret('A'))).kind).toBe('not_configured')
    })
  })

  it('reads strange keys without changing the prototype of objects', async () => {
    for (const provider of [
      providerOver('secrets.json', '{"__proto__": {"polluted": "yes"}, "constructor": "c"}'),
      providerOver('secrets.yaml', '__proto__: {polluted: "yes"}\nconstructor: c\n'),
    ]) {
      const document = await provider.readDocument()

      expect(document?.unusable?.get('__proto__')).toBe('object')
      expect(document?.values.get('constructor')).toBe('c')
      expect(({} as { polluted?: string }).polluted).toBeUndefined()
    }
  })

  it('opens nothing when it is made', () => {
    expect(() => new FileSecretProvider({ filePath: '~/absent/secrets.json' })).not.toThrow()
    expect(existsSync(join(homedir(), 'absent'))).toBe(false)
    expect(statSync(homedir()).isDirectory()).toBe(true)
  })
})
