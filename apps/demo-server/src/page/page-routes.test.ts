import { expect, it } from 'vitest'
import { runServer } from '../testing/running-server.ts'

it('the page shows no names of secrets to somebody who may not ask for them', async () => {
  await using server = await runServer({ env: { HF_TOKEN: 'x' } })
  const ann = await server.makeUser('ann', 'viewer')
  const exception = { permission: 'api.access', isGranted: false } as const

  const before = await server.send('/', { as: ann })
  await server.services.users.setPermission(ann.id, exception, {})
  const after = await server.send('/', { as: ann })
  const stranger = await server.send('/', { as: null })

  expect([before.status, await before.text()]).toEqual([200, expect.stringContaining('HF_TOKEN')])
  expect([after.status, await after.json()]).toMatchObject([403, { code: 'PERMISSION_NEEDED' }])
  expect([stranger.status, await stranger.text()]).toEqual([200, expect.not.stringContaining('HF_TOKEN')])
})
