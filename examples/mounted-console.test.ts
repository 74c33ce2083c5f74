import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { fastify } from 'fastify'
import { addConsole, answers, secrets, serveConsole } from './mounted-console.ts'

const value = 'a value that no page may hold'
process.env['HF_TOKEN'] = value
after(() => secrets.close())

test('a Fastify application shows its operators where a key comes from, and clears a cache for them', async () => {
  const app = fastify()
  addConsole(app, ({ headers }) => headers['authorization'] === 'Basic b3BlcmF0b3I6')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const authorization = 'Basic b3BlcmF0b3I6'
  answers.set('question', 'answer')
  try {
    const stranger = await fetch(`${url}/console/api/secrets`)
    const page = await fetch(`${url}/console`, { headers: { authorization } })
    const listed = await fetch(`${url}/console/api/secrets`, { headers: { authorization } })
    const cleared = await fetch(`${url}/console/api/caches/answers/invalidate`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ prefix: 'quest' }),
    })

    equal(stranger.status, 403)
    match(await page.text(), /<script type="module" src="\/console\/assets\//)
    const text = await listed.text()
    match(text, /"HF_TOKEN"/)
    doesNotMatch(text, new RegExp(value))
    deepEqual(await cleared.json(), { count: 1, dryRun: false })
    equal(answers.get('question'), undefined)
  } finally {
    await app.close()
  }
})

test('a bare server shows the same, and changes nothing', async () => {
  const server = serveConsole()
  await once(server, 'listening')
  try {
    // It listens on a port.
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`

    const page = await fetch(url)
    const refused = await fetch(`${url}/api/providers/env/test`, { method: 'POST' })

    match(await page.text(), /Secrets of the trainer/)
    equal(refused.status, 403)
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})
