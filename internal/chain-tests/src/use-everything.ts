// A program that uses a manager with all providers in every way, well and badly, and prints whatever it is given except
// the values themselves. The settings come from the environment.
import { subscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { diagnosticChannels, SecretsManager, type StandardChainConfig } from '@st/secrets-core'

// Written by the test.
const config = JSON.parse(process.env['TEST_CONFIG'] ?? '{}') as StandardChainConfig
const keys = ['FROM_ENV', 'FROM_FILE', 'FROM_AWS', 'FROM_VAULT', 'NO_TEXT', 'NOWHERE']
const cacheEvents = ['set', 'hit', 'miss', 'evict', 'expire', 'invalidate', 'load']
const refused = Object.assign(new Error('28P01'), { code: '28P01' })

function print(what: string, printed: unknown): void {
  console.log(what, inspect(printed, { depth: 20, showHidden: true, getters: true }), printed)
  console.log(JSON.stringify(printed))
  if (printed instanceof Error) console.error(printed.stack)
}

async function attempt(what: string, run: () => unknown): Promise<void> {
  try {
    print(what, await run())
  } catch (error) {
    print(`${what} fails`, error)
  }
}

const channels = [...Object.values(diagnosticChannels), ...cacheEvents.map(event => `st:cache.${event}`)]
for (const name of channels) subscribe(name, message => print(name, message))
process.on('warning', warning => print('warning', warning))

const secrets = new SecretsManager({ config, policy: { retry: { retries: 1, baseMs: 1 }, timeoutMs: 500 } })
for (const key of keys) {
  secrets.subscribe(key, change => print('change', change))
  await attempt('get', async () => (await secrets.get(key))?.length)
  await attempt('getSync', () => secrets.getSync(key)?.length)
  await attempt('require', async () => (await secrets.require(key)).length)
  await attempt('resolve', () => secrets.resolve(key))
  await attempt('previous', () => secrets.resolve(key, { stage: 'previous' }))
  await attempt('explain', () => secrets.explain(key))
  await attempt('acceptedValues', async () => (await secrets.acceptedValues(key)).length)
  await attempt('withSecret', () => secrets.withSecret(key, () => Promise.reject(refused)))
  await attempt('load', async () => Object.keys(await secrets.load({ [key]: {} })))
}
await attempt('getMany', async () => Object.keys(await secrets.getMany(keys)))
await attempt('list', () => secrets.list({ include: keys }))
secrets.subscribe('WRITTEN', change => print('change', change))
for (const suffix of ['', '2']) {
  await attempt('setSecret', () => secrets.setSecret('WRITTEN', `${process.env['FROM_ENV']}${suffix}`))
  await attempt('get', async () => (await secrets.get('WRITTEN'))?.length)
}
await attempt('setSecret', () => secrets.setSecret('WRITTEN', process.env['FROM_ENV'] ?? '', { provider: 'env' }))
await attempt('deleteSecret', () => secrets.deleteSecret('WRITTEN'))
await attempt('checkHealth', () => secrets.checkHealth())
await attempt('fresh', () => secrets.explain('NOWHERE'))
print('manager', secrets)
print('providers', secrets.providers)
print('stats', secrets.stats())
await attempt('clone', () => structuredClone(secrets))
await secrets.close()
await attempt('closed', () => secrets.get('FROM_FILE'))
console.log('done')
