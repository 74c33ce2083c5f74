import { expect, it } from 'vitest'
import { serverAddress } from './server-address.ts'

it.each([
  ['http://127.0.0.1:8787', 'http://127.0.0.1:8787/'],
  ['http://127.8.9.10', 'http://127.8.9.10/'],
  ['http://localhost:1', 'http://localhost:1/'],
  ['http://[::1]:1/', 'http://[::1]:1/'],
  // Another way to write 127.0.0.1.
  ['http://0x7f.1', 'http://127.0.0.1/'],
  ['https://example.org', 'https://example.org/'],
  ['https://example.org/secrets', 'https://example.org/secrets/'],
])('%s is taken as %s', (given, expected) => {
  expect(serverAddress(given, {}).href).toBe(expected)
})

it('the flag goes before the variable', () => {
  const env = { ST_SERVER: 'http://localhost:1' }

  expect(serverAddress(undefined, env).port).toBe('1')
  expect(serverAddress('http://localhost:2', env).port).toBe('2')
})

it.each([
  ['', /No server is named/],
  ['example.org', /no address/],
  ['ftp://example.org', /no address/],
  ['r10_canary', /^--server is no address/],
  ['http://example.org', /without TLS/],
  ['http://127.0.0.1.example.org', /without TLS/],
  ['http://localhost.example.org', /without TLS/],
  ['http://10.0.0.1', /without TLS/],
  ['https://ann:r10_canary@example.org', /name or password/],
  ['https://example.org/?token=r10_canary', /must end/],
  ['https://example.org/#r10_canary', /must end/],
])('%s is refused, and not repeated', (given, message) => {
  const take = (): unknown => serverAddress(given, {})

  expect(take).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }))
  expect(take).not.toThrow(/canary/)
})
