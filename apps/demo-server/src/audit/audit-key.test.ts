import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AuditKey, loadAuditKey } from './audit-key.ts'

describe('loadAuditKey', () => {
  it('prefers the variable and makes no file', async () => {
    const key = await loadAuditKey(join(homedir(), 'audit.key'), { SIMPLETUNER_AUDIT_KEY: 'k' })

    expect(key.sign('entry', [1])).toBe(new AuditKey(Buffer.from('k')).sign('entry', [1]))
    expect(await readdir(homedir())).toEqual([])
  })

  it('makes a file for its owner once, and reads it the next time', async () => {
    const path = join(homedir(), 'audit.key')

    const keys = await Promise.all(Array.from({ length: 8 }, () => loadAuditKey(path, {})))
    const later = await loadAuditKey(path, {})

    expect(new Set([...keys, later].map(key => key.sign('entry', ['a']))).size).toBe(1)
    expect((await readFile(path)).length).toBe(32)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(homedir())).toEqual(['audit.key'])
  })

  it.each([
    ['open to others', (path: string) => writeFile(path, 'k').then(() => chmod(path, 0o640))],
    ['empty', (path: string) => writeFile(path, '', { mode: 0o600 })],
    ['a folder', (path: string) => mkdir(path, { mode: 0o700 })],
    ['a link', (path: string) => symlink('/dev/zero', path)],
  ])('refuses a file that is %s', async (_, make) => {
    const path = join(homedir(), 'audit.key')
    await make(path)

    await expect(loadAuditKey(path, {})).rejects.toMatchObject({ code: 'ST_AUDIT_KEY_REFUSED' })
  })
})

describe('AuditKey', () => {
  it('signs no two lists alike', () => {
    const key = new AuditKey(Buffer.from('k'))
    const lists = [['a', 'b'], ['ab', ''], ['', 'ab'], ['ab'], ['a|b'], [1], ['1'], [null], ['null'], []]

    expect(new Set(lists.map(list => key.sign('entry', list))).size).toBe(lists.length)
    expect(key.verify(key.sign('entry', [1]), 'anchor', [1])).toBe(false)
    expect(key.verify(key.sign('entry', [1]), 'entry', [1])).toBe(true)
    expect(key.verify('', 'entry', [1])).toBe(false)
  })

  it('does not show its secret', () => {
    const key = new AuditKey(Buffer.from('canary-4711'))

    expect(inspect(key, { depth: 20, showHidden: true }) + JSON.stringify(key)).not.toContain('canary')
  })
})
