// A command line over the standard chain: environment, file, AWS, Vault, as far as their packages are installed.
//   secrets-command get KEY [--default TEXT] [--fresh]
//   secrets-command set KEY                  the value is on standard input
//   secrets-command explain KEY
//   secrets-command list [--prefix TEXT]
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { SecretError, type SecretErrorKind, SecretsManager } from '@st/secrets-core'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { default: { type: 'string' }, fresh: { type: 'boolean' }, prefix: { type: 'string' } },
})
const [command = '', key = ''] = positionals

/** So that a script can tell "there is none" from "could not ask". */
const exitCodes: { readonly [Kind in SecretErrorKind]?: number } = { missing: 3, unresolved: 4, unsupported: 5 }

await using secrets = new SecretsManager({ config: { filePath: process.env['SECRETS_FILE'] } })

const commands: Readonly<Record<string, () => Promise<void>>> = {
  async get() {
    const reading = { fresh: options.fresh, signal: AbortSignal.timeout(5000) }
    const fallback = options.default
    process.stdout.write(
      fallback === undefined ? await secrets.require(key, reading) : await secrets.get(key, fallback, reading),
    )
  },

  async set() {
    await secrets.setSecret(key, (await text(process.stdin)).trimEnd())
    const { source, shadowed } = await secrets.explain(key)
    if (shadowed.some(({ sameValue }) => !sameValue)) console.error(`Stored, but ${source} has another value and wins.`)
  },

  async explain() {
    const { steps, source, shadowed } = await secrets.explain(key)
    for (const { provider, outcome, kind, detail, durationMs } of steps) {
      console.log(provider, outcome, kind ?? detail ?? '', `${Math.round(durationMs)} ms`)
    }
    console.log(source === undefined ? 'Nobody has it.' : `${source} answers.`)
    for (const { provider, sameValue } of shadowed) {
      console.log(`${provider} has ${sameValue ? 'the same value' : 'another value'}, which is not used.`)
    }
  },

  async list() {
    const { keys, failed } = await secrets.list({ prefix: options.prefix })
    for (const listed of keys) console.log(listed.key, listed.source ?? '-')
    for (const { provider, message } of failed) console.error(`${provider} is not in this list: ${message}`)
    if (failed.length > 0) process.exitCode = 4
  },
}

try {
  const run = commands[command]
  if (run === undefined) throw new TypeError(`Commands: ${Object.keys(commands).join(', ')}.`)
  await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = SecretError.isInstance(error) ? (exitCodes[error.kind] ?? 1) : 1
}
