import { expect, it } from 'vitest'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { batchProvider, documentProvider, keyedProvider, writableProvider } from '../__fixtures__/sample-provider.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { createRedactor } from './redactor.ts'

/** A structured token, of which each is different from the others. */
const tokenOf = (name: string): string => `st_live_${name}_9f/86+d081884c7d"659a2feaa0c55ad015`

/** A value as itself and in what it is likely to be logged in. */
function logOf(value: string): string {
  return [value, JSON.stringify({ value }), btoa(`user:${value}`), `?token=${encodeURIComponent(value)}`].join('\n')
}

it('redacts every value that a manager with this redactor has handed out', async () => {
  using time = new FakeTime()
  const redactor = createRedactor()
  const names = ['GET', 'REQUIRE', 'SYNC', 'MANY_1', 'MANY_2', 'USER', 'PASSWORD', 'WEBHOOK', 'LOADED', 'VERSION']
  const secrets = Object.fromEntries(names.map(name => [name, tokenOf(name)]))
  const [env, vault] = [{ SYNC: tokenOf('SYNC') }, keyedProvider('vault', secrets)]
  const batch = batchProvider('batch', { MANY_3: tokenOf('MANY_3') })
  const document = documentProvider('file', { MEMBER: tokenOf('MEMBER') })
  const attached: SecretProvider = { ...keyedProvider('aws'), attach: host => host.protect(tokenOf('OWN')) }
  await using manager = managerOf([writableProvider('env', env), vault, batch, document, attached], { redactor })
  const handedOut: unknown[] = [tokenOf('OWN')]

  handedOut.push(await manager.get('GET'), await manager.require('REQUIRE'), manager.getSync('SYNC'))
  handedOut.push(...Object.values(await manager.getMany(['MANY_1', 'MANY_2', 'MANY_3', 'MEMBER'])))
  await manager.withSecret('GET', value => handedOut.push(value))
  await manager.withSecret(['USER', 'PASSWORD'], ({ USER, PASSWORD }) => handedOut.push(USER, PASSWORD))
  handedOut.push(Object.values(await manager.load({ loaded: { key: 'LOADED' } }))[0])
  handedOut.push((await manager.resolve('VERSION')).secret?.reveal())
  handedOut.push(...(await manager.acceptedValues('WEBHOOK')))
  vault.secrets['WEBHOOK'] = tokenOf('NEXT')
  await time.pass(301)
  handedOut.push(...(await manager.acceptedValues('WEBHOOK', { overlap: 600 })))

  const logs = handedOut.map(value => redactor.text(logOf(String(value))))
  expect(handedOut.filter(value => value === undefined)).toEqual([])
  expect(new Set(handedOut).size).toBe(14)
  for (const log of logs) {
    expect(log).toMatch(/^\[(\w+)\]\n\{"value":"\[\1\]"\}\ndXNlcj\[\1\][\w+/]*={0,2}\n\?token=\[\1\]$/)
  }
})
