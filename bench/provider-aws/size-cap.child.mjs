// One read of a large answer by one contender; prints its figures as JSON.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { idle, longestGap } from '../credential-crypto/loop-gap.mjs'

const [, , contender, sending, endpoint] = process.argv
const packageFolder = new URL('../../packages/provider-aws/', import.meta.url)
const built = fileURLToPath(new URL('dist/index.js', packageFolder))
if (!existsSync(built)) throw new Error(`${built} does not exist: run pnpm build`)
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_REGION: 'us-west-2' })

const makeReader = contender === 'bare SDK' ? bareReader : ourReader
const { read, close } = await makeReader()
await read('small')
await idle(100)
globalThis.gc()
const before = kilobytes('VmRSS')
// proc(5): resets the peak.
writeFileSync('/proc/self/clear_refs', '5')

const { result, gap } = await longestGap(async () => {
  const startedAt = performance.now()
  const outcome = await read(sending).then(
    () => 'a value',
    error => error.detail ?? error.name,
  )
  return { ms: performance.now() - startedAt, outcome }
})
const megabytes = (kilobytes('VmHWM') - before) / 1024
process.stdout.write(JSON.stringify({ ...result, gap, megabytes }))
await close()

async function ourReader() {
  const { AWSSecretsManagerProvider } = await import(pathToFileURL(built).href)
  const provider = new AWSSecretsManagerProvider({ secretId: name => name, endpoint })
  return {
    read: name => provider.getSecret(name, { signal: AbortSignal.timeout(60_000) }),
    close: () => provider.close(),
  }
}

async function bareReader() {
  const sdk = createRequire(new URL('package.json', packageFolder)).resolve('@aws-sdk/client-secrets-manager')
  const { default: exported, ...named } = await import(pathToFileURL(sdk).href)
  const { GetSecretValueCommand, SecretsManagerClient } = { ...exported, ...named }
  const client = new SecretsManagerClient({ endpoint, maxAttempts: 1 })
  return {
    read: SecretId => client.send(new GetSecretValueCommand({ SecretId })),
    close: () => client.destroy(),
  }
}

function kilobytes(member) {
  return Number(new RegExp(`^${member}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1])
}
