// The demo server with 10,000 credentials of one user and 100,000 entries in its audit log. Started by `views.mjs`.
import { credentialContext } from '../../apps/demo-server/src/credentials/credential-cipher-source.ts'
import { openFoundations } from '../../apps/demo-server/src/open-foundations.ts'
import { createServer } from '../../apps/demo-server/src/server.ts'
import { composeServices } from '../../apps/demo-server/src/services.ts'
import { createRedactor } from '../../packages/secrets-core/src/redactor.ts'

const [credentials, entries] = process.argv.slice(2).map(Number)
const actor = { name: 'bench' }
const batch = 500

const foundations = await openFoundations(createRedactor())
const services = composeServices(foundations)
const listen = { host: '127.0.0.1', port: 0 }
const app = await createServer({
  services,
  settings: { listen, allowedHosts: [], trustedProxies: [], rateLimits: { perMinute: 1e9, signInsPerMinute: 1e9 } },
  onFailure: error => console.error(error),
})
const user = await services.users.create({ name: 'bench', role: 'admin', password: 'the password of bench' }, actor)
for (let first = 0; first < credentials; first += batch) {
  await services.database.write(transaction => addCredentials(transaction, first, Math.min(batch, credentials - first)))
}
for (let first = 0; first < entries; first += batch) {
  await services.database.write(transaction => addEntries(transaction, first, Math.min(batch, entries - first)))
}
process.once('disconnect', () => process.exit())
process.send({ url: await app.listen(listen) })

async function addCredentials(transaction, first, count) {
  const created_at = new Date(Date.UTC(2026, 0) + first * 1000).toISOString()
  const common = {
    user_id: user.id,
    created_at,
    updated_at: created_at,
    is_active: true,
    version: 1,
    description: null,
  }
  const rows = await transaction
    .insertInto('credential')
    .values(
      Array.from({ length: count }, (_, index) => {
        const number = String(first + index).padStart(5, '0')
        return { ...common, provider: `provider-${number.slice(-2)}`, name: `credential-${number}` }
      }),
    )
    .returningAll()
    .execute()
  const values = rows.map(row => ({
    credential_id: row.id,
    version: 1,
    value: services.key.cipher.encrypt(`value-of-${row.name}`, credentialContext(row, 1)),
    created_at,
    created_by: actor.name,
  }))
  await transaction.insertInto('credential_version').values(values).execute()
}

async function addEntries(transaction, first, count) {
  for (let number = first; number < first + count; number += 1) {
    await services.audit.append(transaction, {
      type: 'secret.revealed',
      actor: { name: `user-${number % 40}`, ip: '127.0.0.1' },
      action: 'Saw a secret',
      target: { type: 'secret', id: `KEY_${number % 900}` },
      details: { reason: 'On call', source: 'env' },
    })
  }
}
