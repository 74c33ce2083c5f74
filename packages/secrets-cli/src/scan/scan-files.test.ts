import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError, type SecretProvider, SecretsManager } from '@st/secrets-core'
import { describe, expect, it } from 'vitest'
import { knownSecrets, type KnownSecrets } from './known-secret.ts'
import { scanExitCode, scanFiles, type ScanReport } from './scan-files.ts'
import { stagedFiles } from './staged-blobs.ts'
import { treeFiles, unignoredFiles } from './tree-files.ts'

const token = 'r8_canary_9f2c'
const known: KnownSecrets = { secrets: [{ value: token, keys: ['TOKEN'] }], failed: [] }

/** A repository with one file of each kind. */
function plantRepository(): string {
  const root = join(homedir(), 'repository')
  mkdirSync(join(root, 'src', 'deep'), { recursive: true })
  git(root, 'init', '--quiet')
  writeFileSync(join(root, '.gitignore'), 'ignored.txt\n')
  writeFileSync(join(root, 'ignored.txt'), token)
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), `\nconst x = '${token}'\n`)
  writeFileSync(join(root, 'clean.txt'), 'nothing here\n')
  symlinkSync('ignored.txt', join(root, 'link'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  return root
}

function git(root: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd: root })
}

function places({ findings }: ScanReport, root = ''): readonly string[] {
  return findings.map(
    ({ path, line, column, keys }) => `${path.replace(`${root}/`, '')}:${line}:${column} ${keys.join()}`,
  )
}

describe('scanning a tree', () => {
  it('tells path, line, column and key of every file, and nothing of links, pipes and what git keeps', async () => {
    const root = plantRepository()
    writeFileSync(join(root, '.git', 'description'), token)

    const report = await scanFiles(treeFiles(root), known)

    expect(places(report, root)).toEqual(['ignored.txt:1:1 TOKEN', 'src/deep/a.ts:2:12 TOKEN'])
    expect(JSON.stringify(report)).not.toContain(token)
    expect(scanExitCode(report)).toBe(6)
  })

  it('leaves out what git ignores when asked', async () => {
    const root = plantRepository()

    const report = await scanFiles(unignoredFiles(root, { env: process.env }), known)

    expect(places(report, root)).toEqual(['src/deep/a.ts:2:12 TOKEN'])
  })

  it('reads a single file, and ends with 0 when it holds nothing', async () => {
    const root = plantRepository()

    const report = await scanFiles(treeFiles(join(root, 'clean.txt')), known)

    expect(report).toEqual({ files: 1, values: 1, findings: [], unread: [], tooShort: [], failed: [] })
    expect(scanExitCode(report)).toBe(0)
  })

  it('does not call a tree clean of which it could not read a file', async () => {
    async function* files() {
      yield { path: 'a', open: () => unreadable() }
    }
    // eslint-disable-next-line require-yield
    async function* unreadable(): AsyncGenerator<Uint8Array> {
      throw Object.assign(new Error(token), { code: 'EACCES' })
    }

    const report = await scanFiles(files(), known)

    expect(report.unread).toEqual([{ path: 'a', reason: 'EACCES' }])
    expect(scanExitCode(report)).toBe(6)
  })

  it('refuses a path that does not exist', async () => {
    await expect(scanFiles(treeFiles(join(homedir(), 'none')), known)).rejects.toMatchObject({ exitCode: 3 })
  })

  it('refuses to ask git where there is no repository', async () => {
    await expect(scanFiles(unignoredFiles(homedir(), { env: process.env }), known)).rejects.toMatchObject({
      exitCode: 6,
    })
  })

  it('says so when git is not installed', async () => {
    const files = stagedFiles({ cwd: homedir(), env: { PATH: '/nowhere' } })

    await expect(scanFiles(files, known)).rejects.toMatchObject({ exitCode: 3, message: 'git is not installed.' })
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))

    await expect(scanFiles(treeFiles(plantRepository()), known, { signal })).rejects.toThrow('enough')
  })
})

describe('scanning what git would commit', () => {
  it('reads what is staged, and not what is in the folder', async () => {
    const root = plantRepository()
    writeFileSync(join(root, 'staged "ü".txt'), `x\n\n${token}`)
    writeFileSync(join(root, 'empty.txt'), '')
    git(root, 'add', '.gitignore', 'clean.txt', 'empty.txt', 'staged "ü".txt')
    writeFileSync(join(root, 'staged "ü".txt'), 'clean by now')
    writeFileSync(join(root, 'clean.txt'), token)

    const report = await scanFiles(stagedFiles({ cwd: root, env: process.env }), known)

    expect(places(report)).toEqual(['staged "ü".txt:3:1 TOKEN'])
    expect(report.files).toBe(4)
  })

  it('reads only what differs from the last commit, deletions left out', async () => {
    const root = plantRepository()
    git(root, 'add', '--all', '--', ':!pipe')
    git(root, 'commit', '--quiet', '--message', 'x')
    writeFileSync(join(root, 'clean.txt'), `${'y\n'.repeat(100_000)}${token}\n`)
    writeFileSync(join(root, 'new.txt'), 'new')
    git(root, 'add', 'clean.txt')
    git(root, 'add', '--intent-to-add', 'new.txt')
    rmSync(join(root, 'src', 'deep', 'a.ts'))
    git(root, 'add', 'src')

    const report = await scanFiles(stagedFiles({ cwd: join(root, 'src', '..'), env: process.env }), known)

    expect(places(report)).toEqual(['clean.txt:100001:1 TOKEN'])
    expect(report.files).toBe(1)
  })

  it('goes on with the next file when one is not read', async () => {
    const root = plantRepository()
    writeFileSync(join(root, 'a.bin'), Buffer.alloc(300_000, 1))
    writeFileSync(join(root, 'b.txt'), token)
    git(root, 'add', 'a.bin', 'b.txt')
    const contents: string[] = []

    for await (const { path, open } of stagedFiles({ cwd: root, env: process.env })) {
      if (path !== 'b.txt') continue
      for await (const bytes of open()) contents.push(Buffer.from(bytes).toString())
    }

    expect(contents).toEqual([token])
  })

  it('has nothing to read where nothing is staged', async () => {
    const report = await scanFiles(stagedFiles({ cwd: plantRepository(), env: process.env }), known)

    expect(report.files).toBe(0)
  })

  it('is of use as a hook that refuses a commit', async () => {
    const root = plantRepository()
    chmodSync(root, 0o700)
    git(root, 'add', 'src')

    const report = await scanFiles(stagedFiles({ cwd: root, env: process.env }), known)

    expect(scanExitCode(report)).toBe(6)
  })
})

/** Lists its keys, as files do. */
function holding(name: string, secrets: Readonly<Record<string, string>>): SecretProvider {
  return {
    name,
    isAvailable: () => true,
    getSecret: async key => secrets[key],
    listKeys: async function* () {
      yield* Object.keys(secrets)
    },
  }
}

describe('knownSecrets', () => {
  const signal = AbortSignal.timeout(10_000)

  it('knows all values once, with their keys, and those that are shadowed', async () => {
    const manager = new SecretsManager({
      providers: [
        holding('first', { A: 'value-one', B: 'value-one' }),
        holding('second', { A: 'value-two', C: 'value-three' }),
      ],
    })

    const { secrets, failed } = await knownSecrets(manager, { include: ['NONE'], signal })

    expect(secrets).toEqual([
      { value: 'value-one', keys: ['A', 'B'] },
      { value: 'value-three', keys: ['C'] },
      { value: 'value-two', keys: ['A'] },
    ])
    expect(failed).toEqual([])
  })

  it('names a provider that could not be asked, so that the scan does not end with 0', async () => {
    const broken: SecretProvider = {
      ...holding('broken', {}),
      listKeys: async function* () {
        yield* []
        throw new SecretError('forbidden', 'Denied.', { hint: 'Allow it.' })
      },
    }
    const manager = new SecretsManager({ providers: [broken], policy: { retry: false } })

    const report = await scanFiles(treeFiles(homedir()), await knownSecrets(manager, { include: [], signal }))

    expect(report.failed).toMatchObject([{ provider: 'broken', kind: 'forbidden' }])
    expect(scanExitCode(report)).toBe(4)
  })

  it('names a provider that fails when it is asked for a shadowed value', async () => {
    let isBroken = false
    const below: SecretProvider = {
      ...holding('below', { A: 'value-two' }),
      getSecret: async () => {
        if (isBroken) throw new Error('value-two')
        isBroken = true
        return 'value-two'
      },
    }
    const manager = new SecretsManager({ providers: [holding('above', { A: 'value-one' }), below] })

    const { failed } = await knownSecrets(manager, { include: [], signal })

    expect(failed).toMatchObject([{ provider: 'below', kind: 'unavailable' }])
    expect(JSON.stringify(failed)).not.toContain('value-two')
  })
})
