import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { startFakeVault } from '@st/test-servers'
import { describe, expect, it } from 'vitest'
import { runCli } from '../__fixtures__/run-cli.ts'

const canary = 'r8_canary_9f2c'

function plantSecrets(mode: number): void {
  mkdirSync(join(homedir(), '.simpletuner'), { mode: 0o700 })
  writeFileSync(join(homedir(), '.simpletuner', 'secrets.json'), JSON.stringify({ TOKEN: canary }), { mode })
}

describe('st-secrets doctor', () => {
  it('prints a line and a remedy for each thing, and ends with 0 when all works', async () => {
    plantSecrets(0o644)

    const { code, stdout, stderr } = await runCli(['doctor'])

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('! warning file: ')
    expect(stdout).toMatch(/^ +chmod 600 /m)
    expect(stdout).toMatch(/\d+ ok, 1 warning, 0 failed, in \d+ ms\n$/)
    expect(stdout).not.toContain(canary)
  })

  it('tells how Vault and the token are', async () => {
    await using vault = await startFakeVault()
    const [token = ''] = vault.tokens.keys()

    const { stdout } = await runCli(['doctor'], { env: { VAULT_ADDR: vault.url, VAULT_TOKEN: token } })

    expect(stdout).toMatch(/vault: .*unsealed and active/)
    expect(stdout).toMatch(/vault: The token (never )?expires.*Policies: /)
    expect(stdout).not.toContain(token)
  })

  it('ends with 4 in time, as JSON, when a server never answers', async () => {
    plantSecrets(0o600)
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const port = Object(silent.address()).port as number

    const { code, stdout } = await runCli(['doctor', '--json', '--timeout', '2'], {
      env: { VAULT_ADDR: `http://127.0.0.1:${port}`, VAULT_TOKEN: canary },
    })
    silent.close()

    const report: unknown = JSON.parse(stdout)
    expect(code).toBe(4)
    expect(report).toMatchObject({ status: 'failed' })
    // Of the two seconds the providers get what is left when their answers are to be told in time; on a busy machine they
    // are told of all together.
    expect(stdout).toMatch(/no answer within (1250 ms|1\.5 s|2 s)\./i)
    expect(stdout).not.toContain(canary)
  })
})
