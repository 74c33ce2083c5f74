import { equal, rejects } from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFakeLoginVault, VersionedKeyValueEngine } from '@st/test-servers'

// Before the example is loaded, which looks at it.
process.env['SERVICE_ACCOUNT_TOKEN_FILE'] = join(homedir(), 'token')
const { isReady, secrets } = await import('./kubernetes-pod.ts')

test('reads from Vault, lets a variable win, and goes on with what it has read while Vault is away', async () => {
  await using vault = await startFakeLoginVault()
  vault.allow('kubernetes', { body: { role: 'web', jwt: 'token-of-the-pod' } })
  vault.mount('kv', new VersionedKeyValueEngine())
  vault.put('kv', 'web', { 'database-url': 'postgres://vault/app', 'session-key': 'session-key-of-vault' })
  equal(await isReady(), false)

  writeFileSync(join(homedir(), 'token'), 'token-of-the-pod\n')
  Object.assign(process.env, { VAULT_ADDR: vault.url, WEB_DATABASE_URL: 'postgres://env/app' })
  equal(await isReady(), true)
  equal(await secrets.require('session-key'), 'session-key-of-vault')
  equal(await secrets.require('database-url'), 'postgres://env/app')

  vault.sealed = true
  equal(await secrets.require('session-key', { fresh: true }), 'session-key-of-vault')
  secrets.clearCache()
  await rejects(secrets.get('session-key', 'a default'), { kind: 'unresolved' })
  await secrets.close()
  equal(vault.logins, 1)
})
