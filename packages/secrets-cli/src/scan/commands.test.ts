import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliWords, runCli } from '../__fixtures__/run-cli.ts'

const canary = 'r8_canary_9f2c'

/** A repository in which a secret that is stored for this user is staged. */
function plant(): string {
  mkdirSync(join(homedir(), '.simpletuner'), { mode: 0o700 })
  const stored = JSON.stringify({ TOKEN: canary, PIN: '12' })
  writeFileSync(join(homedir(), '.simpletuner', 'secrets.json'), stored, { mode: 0o600 })
  const root = join(homedir(), 'repository')
  mkdirSync(root)
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  writeFileSync(join(root, 'a\u001B[31m.txt'), `x\n  ${Buffer.from(canary).toString('base64')}\n`)
  writeFileSync(join(root, 'b.txt'), 'hf_in_the_environment')
  execFileSync('git', ['add', '--all'], { cwd: root })
  return root
}

describe('st-secrets scan', () => {
  it('prints places and keys, never values nor what moves a cursor, and ends with 6', async () => {
    const cwd = plant()

    const [text, json] = await Promise.all([
      runCli(['scan'], { cwd, env: { HF_TOKEN: 'hf_in_the_environment' } }),
      runCli(['scan', '--staged', '--json'], { cwd }),
    ])

    expect(text.code).toBe(6)
    expect(text.stdout).toBe('a\\u001b[31m.txt:2:3 TOKEN\nb.txt:1:1 HF_TOKEN\n')
    expect(text.stderr).toContain('Too short to be looked for: the values of PIN.')
    expect(json.code).toBe(6)
    expect(JSON.parse(json.stdout)).toEqual({
      files: 2,
      values: 1,
      findings: [{ path: 'a\u001B[31m.txt', line: 2, column: 3, keys: ['TOKEN'] }],
      unread: [],
      tooShort: ['PIN'],
      failed: [],
    })
    expect([text.stdout, text.stderr, json.stdout, json.stderr].join('')).not.toContain(canary)
  })

  it('refuses a commit as a hook', async () => {
    const cwd = plant()
    const hook = join(cwd, '.git', 'hooks', 'pre-commit')
    writeFileSync(hook, `#!/bin/sh\nexec ${cliWords().join(' ')} scan --staged --quiet\n`)
    chmodSync(hook, 0o700)
    const commit = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', 'commit', '--quiet', '--message', 'x']

    const commitAll = (): unknown => execFileSync('git', commit, { cwd, stdio: 'pipe' })

    expect(commitAll).toThrow('TOKEN')
    writeFileSync(join(cwd, 'a\u001B[31m.txt'), 'clean')
    execFileSync('git', ['add', '--all'], { cwd })
    expect(commitAll).not.toThrow()
  })

  it('ends with 0 where there is nothing, and with a message for what cannot be scanned', async () => {
    const cwd = plant()

    const [clean, both, missing] = await Promise.all([
      runCli(['scan', 'b.txt'], { cwd }),
      runCli(['scan', '--staged', 'b.txt'], { cwd }),
      runCli(['scan', 'none'], { cwd }),
    ])

    expect(clean).toMatchObject({ code: 0, stdout: '' })
    expect(both).toMatchObject({ code: 2, stdout: '' })
    expect(missing).toMatchObject({ code: 3, stdout: '' })
  })
})
