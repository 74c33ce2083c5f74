import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { describe, expect, it } from 'vitest'
import { asUnprivileged } from './__fixtures__/as-unprivileged.ts'
import { failureOf } from './__fixtures__/failure-of.ts'
import { printed } from './__fixtures__/printed.ts'
import { FileSecretProvider } from './file-secret-provider.ts'

function inHome(...names: string[]): string {
  return join(homedir(), ...names)
}

describe('FileSecretProvider, when it writes', () => {
  it('makes ~/.simpletuner/secrets.json where there is no file, both for this user only', async () => {
    const provider = new FileSecretProvider()

    await provider.setSecret('HF_TOKEN', 'hf_x')

    const filePath = inHome('.simpletuner', 'secrets.json')
    expect(readFileSync(filePath, 'utf8')).toBe('{\n  "HF_TOKEN": "hf_x"\n}\n')
    expect(statSync(filePath).mode & 0o777).toBe(0o600)
    expect(statSync(inHome('.simpletuner')).mode & 0o777).toBe(0o700)
    expect(readdirSync(inHome('.simpletuner'))).toEqual(['secrets.json'])
    expect(provider.isAvailable()).toBe(true)
  })

  it('writes into the default file that is in use', async () => {
    mkdirSync(inHome('.simpletuner'))
    writeFileSync(inHome('.simpletuner', 'secrets.yml'), '# mine\nA: 0123\n')

    await new FileSecretProvider().setSecret('B', '0123')

    expect(readFileSync(inHome('.simpletuner', 'secrets.yml'), 'utf8')).toBe('# mine\nA: 0123\nB: "0123"\n')
    expect(existsSync(inHome('.simpletuner', 'secrets.json'))).toBe(false)
  })

  it('writes into its own path also when only a default file is there', async () => {
    mkdirSync(inHome('.simpletuner'))
    writeFileSync(inHome('.simpletuner', 'secrets.json'), '{"A":"default"}')

    await new FileSecretProvider({ filePath: '~/deep/own.yaml' }).setSecret('A', 'own')

    expect(readFileSync(inHome('deep', 'own.yaml'), 'utf8')).toBe('A: own\n')
    expect(readFileSync(inHome('.simpletuner', 'secrets.json'), 'utf8')).toBe('{"A":"default"}')
  })

  it('follows a link to its target, and leaves the link', async () => {
    mkdirSync(inHome('real'))
    writeFileSync(inHome('real', 'target.json'), '{"A":"1"}')
    symlinkSync(inHome('real', 'target.json'), inHome('link.json'))

    await new FileSecretProvider({ filePath: '~/link.json' }).setSecret('B', '2')

    expect(JSON.parse(readFileSync(inHome('real', 'target.json'), 'utf8'))).toEqual({ A: '1', B: '2' })
    expect(readdirSync(homedir()).toSorted()).toEqual(['link.json', 'real'])
    expect(readdirSync(inHome('real'))).toEqual(['target.json'])
  })

  it('makes the target of a link that leads nowhere yet', async () => {
    symlinkSync(inHome('later', 'target.json'), inHome('link.json'))

    await new FileSecretProvider({ filePath: '~/link.json' }).setSecret('A', '1')

    expect(JSON.parse(readFileSync(inHome('later', 'target.json'), 'utf8'))).toEqual({ A: '1' })
  })

  it('strips the byte order mark of a file that it changes', async () => {
    writeFileSync(inHome('secrets.json'), '\uFEFF{"A":"1"}')

    await new FileSecretProvider({ filePath: '~/secrets.json' }).setSecret('B', '2')

    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe('{\n  "A": "1",\n  "B": "2"\n}\n')
  })

  it.each([
    ['secrets.json', '{"A": "precious"'],
    ['secrets.json', '["precious"]'],
    ['secrets.json', ''],
    ['secrets.yaml', 'A: precious: x\n'],
    ['secrets.yaml', '- precious\n'],
    ['secrets.yaml', 'A: !unknown precious\n'],
    ['secrets.json', Buffer.from('{"A":"\u00ff"}', 'latin1')],
  ])('leaves %s as it is, byte by byte, when it cannot be read: %s', async (name, bytes) => {
    writeFileSync(inHome(name), bytes, { mode: 0o644 })
    const provider = new FileSecretProvider({ filePath: inHome(name) })

    const failures = [await failureOf(provider.setSecret('B', 'new')), await failureOf(provider.deleteSecret('A'))]

    expect(failures.map(({ kind }) => kind)).toEqual(['malformed', 'malformed'])
    expect(readFileSync(inHome(name))).toEqual(Buffer.from(bytes))
    expect(statSync(inHome(name)).mode & 0o777).toBe(0o644)
    expect(readdirSync(homedir())).toEqual([name])
  })

  it('leaves a file as it is that is too large to be read, and one that would become so', async () => {
    const text = '{"A":"1234567890"}'
    writeFileSync(inHome('secrets.json'), text)

    const tooLarge = await failureOf(
      new FileSecretProvider({ filePath: '~/secrets.json', maxBytes: 10 }).setSecret('B', '2'),
    )
    const growing = await failureOf(
      new FileSecretProvider({ filePath: '~/secrets.json', maxBytes: 30 }).setSecret('B', '2'),
    )

    expect(tooLarge).toMatchObject({ kind: 'malformed', detail: 'too_large' })
    expect(growing).toMatchObject({ kind: 'invalid', provider: 'file', key: 'B' })
    expect(growing.hint).toContain('maxBytes')
    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe(text)
  })

  it('keeps what it does not change: large numbers, nested values, order, comments', async () => {
    const json = '{\n  "z": 12345678901234567890,\n  "1": {"deep": [1.0, null]},\n  "a": 1e5\n}\n'
    const yaml = '# head\nz: 0123 # octal\nlist:\n  - NO\nbase: &b {T: 1}\n<<: *b\n# tail\n'
    writeFileSync(inHome('a.json'), json)
    writeFileSync(inHome('a.yaml'), yaml)

    for (const name of ['a.json', 'a.yaml']) {
      const provider = new FileSecretProvider({ filePath: inHome(name) })
      await provider.setSecret('NEW', 'value')
      await provider.deleteSecret('NEW')
    }

    expect(readFileSync(inHome('a.json'), 'utf8')).toBe(json)
    expect(readFileSync(inHome('a.yaml'), 'utf8')).toBe(yaml)
  })

  it.each([42, null, undefined, {}, ['x']])('refuses %j as a value', async value => {
    const provider = new FileSecretProvider()

    // What a caller without types may hand in.
    await expect(provider.setSecret('A', value as string)).rejects.toThrow(TypeError)

    expect(readdirSync(homedir())).toEqual([])
  })

  it.each(['', 42, null])('refuses %j as a key', async key => {
    const provider = new FileSecretProvider()

    // What a caller without types may hand in.
    await expect(provider.setSecret(key as string, 'x')).rejects.toThrow(TypeError)
    await expect(provider.deleteSecret(key as string)).rejects.toThrow(TypeError)

    expect(readdirSync(homedir())).toEqual([])
  })

  it('answers false, and makes nothing, when there is no file to remove a key from', async () => {
    expect(await new FileSecretProvider().deleteSecret('A')).toBe(false)
    expect(await new FileSecretProvider({ filePath: '~/deep/secrets.yaml' }).deleteSecret('A')).toBe(false)
    expect(readdirSync(homedir())).toEqual([])
  })

  it('answers true and does not write when the key is not there', async () => {
    writeFileSync(inHome('secrets.json'), '{"A":"1"}', { mode: 0o640 })

    expect(await new FileSecretProvider({ filePath: '~/secrets.json' }).deleteSecret('B')).toBe(true)
    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe('{"A":"1"}')
  })

  it('leaves an empty object when the last key goes', async () => {
    writeFileSync(inHome('secrets.json'), '{"A":"1"}')

    expect(await new FileSecretProvider({ filePath: '~/secrets.json' }).deleteSecret('A')).toBe(true)
    expect(readFileSync(inHome('secrets.json'), 'utf8')).toBe('{}\n')
  })

  it('removes and replaces what is unusable', async () => {
    writeFileSync(inHome('secrets.json'), '{"A":["x"],"B":{}}')
    const provider = new FileSecretProvider({ filePath: '~/secrets.json' })

    await provider.setSecret('A', 'text')
    await provider.deleteSecret('B')

    expect(JSON.parse(readFileSync(inHome('secrets.json'), 'utf8'))).toEqual({ A: 'text' })
  })

  it('keeps all keys of several providers that write at once', async () => {
    const providers = Array.from({ length: 4 }, () => new FileSecretProvider({ filePath: '~/secrets.yaml' }))

    await Promise.all(
      providers.flatMap((provider, index) =>
        Array.from({ length: 5 }, (_, round) => provider.setSecret(`K_${index}_${round}`, `v${index}${round}`)),
      ),
    )

    expect((await providers[0]?.readDocument())?.values.size).toBe(20)
    expect(readdirSync(homedir())).toEqual(['secrets.yaml'])
  })

  it('goes on after a write that failed', async () => {
    const provider = new FileSecretProvider({ filePath: '~/secrets.json' })
    writeFileSync(inHome('secrets.json'), '{')

    const failed = provider.setSecret('A', '1').catch((error: unknown) => error)
    expect(await failed).toBeInstanceOf(SecretError)
    writeFileSync(inHome('secrets.json'), '{}')
    await provider.setSecret('A', '2')

    expect(await provider.getSecret('A')).toBe('2')
  })

  it('does not begin once the signal has aborted', async () => {
    const provider = new FileSecretProvider({ filePath: '~/secrets.json' })

    const failure = await failureOf(provider.setSecret('A', '1', { signal: AbortSignal.abort() }))

    expect(failure).toMatchObject({ kind: 'timeout', detail: 'locked', transient: true, key: 'A' })
    expect(failure.hint).toContain('secrets.json.lock')
    expect(readdirSync(homedir())).toEqual([])
  })

  it('tries again when another process has taken its lock over, and keeps both changes', async () => {
    const filePath = inHome('secrets.json')
    writeFileSync(filePath, '{}')
    const slow = new FileSecretProvider({ filePath })
    const writing = slow.setSecret('A', '1')
    // The new text is being written: the lock is held, and has its holder's name in it.
    while (!readdirSync(homedir()).some(name => name.endsWith('.tmp'))) {
      await new Promise(resolve => setImmediate(resolve))
    }

    // What a process does that finds the lock stale.
    writeFileSync(`${filePath}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, machine: 'x', token: 'y' }))
    const old = new Date(Date.now() - 60_000)
    utimesSync(`${filePath}.lock`, old, old)

    await writing
    expect(await slow.getSecret('A')).toBe('1')
    expect(readdirSync(homedir())).toEqual(['secrets.json'])
  })

  it('says forbidden where it may not write, and shows no value', async () => {
    writeFileSync(inHome('secrets.json'), '{}', { mode: 0o644 })
    chmodSync(homedir(), 0o555)
    const provider = new FileSecretProvider({ filePath: '~/secrets.json' })

    const failure = await asUnprivileged(() => failureOf(provider.setSecret('TOKEN', 'write-canary-88e0')))
    chmodSync(homedir(), 0o755)

    expect(failure).toMatchObject({ kind: 'forbidden', detail: 'EACCES', provider: 'file', key: 'TOKEN' })
    expect(failure.message).toContain('Cannot write secrets in')
    expect(printed(failure)).not.toContain('write-canary-88e0')
  })

  it('says invalid, and shows no value, where the text cannot hold the change', async () => {
    writeFileSync(inHome('secrets.yaml'), 'A: &a {T: write-canary-88e0}\n<<: *a\n')
    const provider = new FileSecretProvider({ filePath: '~/secrets.yaml' })

    const failure = await failureOf(provider.setSecret('A', 'write-canary-88e0'))

    expect(failure).toMatchObject({ kind: 'invalid', provider: 'file', key: 'A' })
    expect(failure.hint).toContain('by hand')
    expect(printed(failure)).not.toContain('write-canary-88e0')
    expect(readFileSync(inHome('secrets.yaml'), 'utf8')).toBe('A: &a {T: write-canary-88e0}\n<<: *a\n')
  })
})
