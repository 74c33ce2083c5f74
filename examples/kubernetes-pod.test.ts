import { equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { startFakeVault, VersionedKeyValueEngine } from '@st/test-servers'
import { isReady, secrets } from './kubernetes-pod.ts'

test('reads from Vault, lets a variable win, and goes on with what it has read while Vault is away', async () => {
  await using vault = await startFakeVault()
  vault.mount('kv', new VersionedKeyValueEngine())
  vault.put('kv', 'web', { 'database-url': 'postgres://vault/app', 'session-key': 'session-key-of-vault' })
  equal(await isReady(), false)

  Object.assign(process.env, {
    VAULT_ADDR: vault.url,
    VAULT_TOKEN: vault.token,
    WEB_DATABASE_URL: 'postgres://env/app',
  })
  equal(await isReady(), true)
  equal(await secrets.require('session-key'), 'session-key-of-vault')
  equal(await secrets.require('database-url'), 'postgres://env/app')

  vault.sealed = true
  equal(await secrets.require('session-key', { fresh: true }), 'session-key-of-vault')
  secrets.clearCache()
  await rejects(secrets.get('session-key', 'a default'), { kind: 'unresolved' })
  await secrets.close()
})
