// The server in a process of its own, as `npm start` runs it, but without limits of rates and with its log thrown away.
// Beside its own routes it has `/bench/constant` and `/bench/uncached`: the route of a provider's configuration once more,
// which answers a constant, or asks the database each time. Started by `server-process.mjs`.
import { openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { credentialContext } from '../../apps/demo-server/src/credentials/credential-cipher-source.ts'
import { followInvalidations } from '../../apps/demo-server/src/follow-invalidations.ts'
import { makeLog } from '../../apps/demo-server/src/make-log.ts'
import { openFoundations } from '../../apps/demo-server/src/open-foundations.ts'
import { providerConfigRoutes } from '../../apps/demo-server/src/provider-configs/provider-config-routes.ts'
import { createServer } from '../../apps/demo-server/src/server.ts'
import { composeServices } from '../../apps/demo-server/src/services.ts'
import { createRedactor } from '../../packages/secrets-core/src/redactor.ts'

// This folder has no dependency on it.
const { sql } = createRequire(new URL('../../apps/demo-server/package.json', import.meta.url))('kysely')
const provider = 'replicate'
const actor = { name: 'bench' }

const redactor = createRedactor()
const foundations = await openFoundations(redactor)
const services = composeServices(foundations)
const listen = { host: '127.0.0.1', port: 0 }
const rateLimits = { perMinute: 1e9, signInsPerMinute: 1e9 }
const nowhere = openSync('/dev/null', 'w')
const app = await createServer({
  services,
  settings: { listen, allowedHosts: [], trustedProxies: [], rateLimits },
  // A line for each request, masked and written.
  log: makeLog(redactor, {}, { write: line => void writeSync(nowhere, line) }),
  onFailure: error => console.error(error),
})
const unfollow = followInvalidations(services.database.invalidations)

const user = await services.users.create({ name: 'bench', role: 'admin', password: 'the password of bench' }, actor)
const { secret: token } = await services.apiTokens.create(user.id, { name: 'bench' }, actor)
await services.providerConfigs.update(provider, { update: configuration(), actor })
await addBenchRoutes(await services.providerConfigs.get(provider))

const works = { memory, fill, analyze, rotate, stop }
process.on('message', request => void reply(request))
// Also when who started it has ended without saying so.
process.once('disconnect', () => process.exit())
process.send({ url: await app.listen(listen), token, provider })

async function reply({ work, ...options }) {
  process.send({ result: await works[work](options) })
  if (work === 'stop') process.disconnect()
}

function configuration() {
  return {
    // An address, so that no name is looked up; nothing is sent there.
    webhook_url: 'https://1.1.1.1/hook',
    cost_limit_enabled: true,
    cost_limit_amount: 100,
    cost_limit_period: 'monthly',
    cost_limit_action: 'warn',
    webhook_allowed_ips: ['10.0.0.0/8', '192.0.2.1'],
    hardware_info: { 'gpu-l40s': { name: 'L40S (48GB)', cost_per_second: 0.000975 } },
  }
}

async function addBenchRoutes({ config, version }) {
  const answer = { provider, config, version, withheld: ['webhook_url'] }
  await addRoutes('/bench/constant', services, (_request, response) =>
    response.header('etag', `"${version}"`).send(answer),
  )
  await addRoutes('/bench/uncached', { ...services, providerConfigs: { get: readConfiguration } })
}

/** The routes once more: same schemas, same hooks. */
async function addRoutes(prefix, parts, handler) {
  await app.register(
    async scope => {
      scope.addHook('onRoute', route => {
        route.schema = { ...route.schema, hide: true }
        if (handler !== undefined) route.handler = handler
      })
      await scope.register(providerConfigRoutes, parts)
    },
    { prefix },
  )
}

async function readConfiguration(name) {
  const row = await services.database.reads
    .selectFrom('provider_config')
    .select(['config', 'version'])
    .where('provider', '=', name)
    .executeTakeFirstOrThrow()
  return { provider: name, config: JSON.parse(row.config), version: row.version }
}

async function memory() {
  for (let times = 0; times < 5; times += 1) {
    globalThis.gc()
    await setImmediate()
  }
  return process.memoryUsage()
}

/** Stores so many credentials of the one user, each with one value. */
async function fill({ count, batch = 500 }) {
  for (let stored = 0; stored < count; stored += batch) {
    await services.database.write(transaction => fillBatch(transaction, stored, Math.min(batch, count - stored)))
  }
}

async function fillBatch(transaction, first, count) {
  const created_at = new Date(Date.UTC(2026, 0) + first * 1000).toISOString()
  const common = { user_id: user.id, created_at, updated_at: created_at, is_active: true, version: 1 }
  const credentials = Array.from({ length: count }, (_, index) => {
    const number = first + index
    return { ...common, provider: `provider-${number % 100}`, name: `credential-${number}`, description: null }
  })
  const rows = await transaction.insertInto('credential').values(credentials).returningAll().execute()
  const values = rows.map(row => ({
    credential_id: row.id,
    version: 1,
    value: services.key.cipher.encrypt(`value-of-${row.name}`, credentialContext(row, 1)),
    created_at,
    created_by: actor.name,
  }))
  await transaction.insertInto('credential_version').values(values).execute()
}

async function analyze() {
  await sql`analyze`.execute(services.database.reads)
}

async function rotate() {
  const status = await services.keyRotation.begin(actor)
  services.rotationRunner.wake()
  return status
}

async function stop() {
  await app.close()
  unfollow()
  await foundations[Symbol.asyncDispose]()
}
