// One read of a large answer by one contender; prints its figures as JSON.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { idle, longestGap } from '../credential-crypto/loop-gap.mjs'

const [, , contender, sending, url] = process.argv
const packageFolder = new URL('../../packages/provider-vault/', import.meta.url)
const built = fileURLToPath(new URL('dist/index.js', packageFolder))
if (!existsSync(built)) throw new Error(`${built} does not exist: run pnpm build`)
const token = 'bench'

const makeReader = contender === 'node-vault' ? bareReader : ourReader
const reader = await makeReader()
await reader.read('small')
await idle(100)
globalThis.gc()
const before = kilobytes('VmRSS')
// proc(5): resets the peak.
writeFileSync('/proc/self/clear_refs', '5')

const { result, gap } = await longestGap(async () => {
  const startedAt = performance.now()
  const outcome = await reader.read(sending).catch(error => error.detail ?? error.kind ?? error.name)
  return { ms: performance.now() - startedAt, outcome }
})
const megabytes = (kilobytes('VmHWM') - before) / 1024
process.stdout.write(JSON.stringify({ ...result, gap, megabytes }))
await reader.close()

async function ourReader() {
  const { HashiCorpVaultProvider } = await import(pathToFileURL(built).href)
  const providers = []
  return {
    read: async path => {
      const provider = new HashiCorpVaultProvider({ url, token, path, kvVersion: 2 })
      providers.push(provider)
      await provider.getSecret('A', { signal: AbortSignal.timeout(60_000) })
      return 'a value'
    },
    close: async () => Promise.all(providers.map(async provider => provider.close())),
  }
}

async function bareReader() {
  const nodeVault = createRequire(new URL('package.json', packageFolder))('node-vault')
  const client = nodeVault({ endpoint: url, token })
  return {
    read: async path => {
      const answer = await client.read(`secret/data/${path}`)
      return typeof answer === 'string' ? 'a text, taken for an answer' : 'a value'
    },
    close: async () => {},
  }
}

function kilobytes(member) {
  return Number(new RegExp(`^${member}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1])
}
