import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openBrowser } from './testing/browser.ts'
import { runServer } from './testing/running-server.ts'

it('no line of the log holds a secret, a credential, a password, a token or a cookie', async () => {
  await mkdir(join(homedir(), '.simpletuner'))
  await using server = await runServer({ env: { HF_TOKEN: 'canary-environment-71' } })
  const { credentials, oneTimeTokens } = server.services
  const ann = await server.makeUser('ann', 'admin')
  const browser = await openBrowser(server, ann)
  const { secret: oneTime } = await oneTimeTokens.reset()
  const slot = { userId: ann.id, provider: 'p', name: 'n' }
  await credentials.set(slot, { value: 'canary-credential-72' }, { name: 'test' })

  const statuses = [
    await server.send('/api/secrets/FILE', { json: { value: 'canary-file-73' } }),
    await server.send('/api/secrets/FILE/reveal', { json: {} }),
    await server.send('/api/secrets/HF_TOKEN/reveal', { json: {} }),
    await server.send('/api/secrets/FILE', { json: { value: 'canary-refused-74', further: 1 } }),
    await server.send('/api/secrets/FILE', { json: '{"value": "canary-broken-75' }),
    await server.send('/api/session', { as: null, json: { name: 'ann', password: 'canary-password-76' } }),
    await server.send('/api/password-reset', { as: null, json: { token: oneTime, password: 'canary-password-77' } }),
    await server.send('/api/session', { as: null, headers: { authorization: 'Bearer canary-token-78' } }),
    await server.send('/api/session', { as: null, headers: { cookie: '__Host-st-session=canary-cookie-79' } }),
    await browser.send('/api/session'),
    await server.send('/api/users/me/tokens', { as: ann, json: { name: 'made' } }),
    await server.send('/api/backup', { json: { passphrase: 'canary-passphrase-80' } }),
    await server.send('/api/backup/restore', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', 'backup-passphrase': 'canary-passphrase-81' },
    }),
  ].map(({ status }) => status)

  const lines = server.log.join('')
  expect(statuses).toEqual([200, 200, 200, 400, 400, 401, 204, 401, 401, 200, 201, 200, 400])
  expect(server.log.length).toBeGreaterThan(statuses.length)
  expect(lines).not.toContain('canary')
  for (const secret of [oneTime, ann.token, ann.password, server.admin.token, browser.cookie]) {
    expect(lines).not.toContain(secret)
  }
})
