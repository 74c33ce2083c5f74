import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import type { SecretProvider } from '@st/secrets-core'
import { runServer } from '../testing/running-server.ts'

it('a server that stops answers what it has begun, and ends connections on which nothing is asked', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<string>()
  const slow: SecretProvider = {
    name: 'slow',
    isAvailable: () => true,
    getSecret: async () => {
      asked.resolve()
      return answer.promise
    },
  }
  await using server = await runServer({ providers: [slow] })
  const idle = connect(server.port, '127.0.0.1').on('error', () => undefined)
  const half = connect(server.port, '127.0.0.1').on('error', () => undefined)
  await Promise.all([once(idle, 'connect'), once(half, 'connect')])
  half.write('GET / HTTP/1.1\r\nHost: ')

  const response = server.send('/api/secrets/HF_TOKEN')
  await asked.promise
  const closed = server.app.close()
  answer.resolve('x')

  expect((await response).status).toBe(200)
  await closed
  expect([await text(idle), await text(half)].map(received => received.slice(0, 12))).toEqual(['', ''])
})
