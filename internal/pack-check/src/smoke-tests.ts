import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { runCommand } from './run-command.ts'

/** Promises about being installed alone that no README example shows. */
const programs: Readonly<Record<string, string>> = {
  '@st/console': `
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createConsole } from '@st/console'
import { SecretsManager } from '@st/secrets-core'

const manager = new SecretsManager()
const mounted = createConsole({ manager, basePath: '/console', keys: ['HF_TOKEN'] })
const server = createServer(mounted).listen(0, '127.0.0.1')
await once(server, 'listening')
const url = \`http://127.0.0.1:\${server.address().port}/console/\`
const page = await (await fetch(url)).text()
const files = [...page.matchAll(/"([^"]*\\/assets\\/[^"]+)"/g)]
assert.equal(files.length, 4)
for (const [, file] of files) {
  for (const encoding of ['br', 'gzip', 'identity']) {
    const response = await fetch(new URL(file, url), { headers: { 'accept-encoding': encoding } })
    assert.equal(response.status, 200)
    assert.notEqual(await response.text(), '')
  }
}
const { secrets } = await (await fetch(new URL('api/secrets', url))).json()
assert.deepEqual(secrets.map(({ key, found }) => [key, found]), [['HF_TOKEN', false]])
server.closeAllConnections()
server.close()
mounted.close()
await manager.close()
`,
  '@st/secrets-cli': `
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

const run = (...args) => {
  const env = { HOME: process.env.HOME, HF_TOKEN: 'value of the test' }
  return spawnSync(process.execPath, ['node_modules/.bin/st-secrets', ...args], { env, encoding: 'utf8' })
}
assert.match(run('--help').stdout, /COMMANDS/)
assert.deepEqual([run('get', 'HF_TOKEN').stdout, run('get', 'ABSENT').status], ['value of the test\\n', 3])
const explained = JSON.parse(run('explain', 'HF_TOKEN', '--json').stdout)
assert.deepEqual([explained.source, explained.steps.length], ['env', 2])
assert.equal(run('set', 'KEY', 'value').status, 2)
`,
  '@st/secrets-core': `
import assert from 'node:assert/strict'
import { SecretError, SecretsManager } from '@st/secrets-core'

const manager = new SecretsManager()
assert.deepEqual(manager.providers.map(({ name }) => name), [])
assert.equal(await manager.get('ABSENT', 'fallback'), 'fallback')
await manager.close()

assert.throws(
  () => new SecretsManager({ config: { awsSecretName: 'named' } }),
  error => SecretError.isInstance(error) && error.kind === 'not_configured' && error.hint.includes('@st/provider-aws'),
)
`,
}

/** Runs the program for the package, if it has one. */
export async function smokeTests({ root, subject, node }: ConsumerProject): Promise<readonly string[]> {
  const program = programs[subject]
  if (program === undefined) return []
  writeFileSync(join(root, 'smoke.mjs'), program)
  const { code, output } = await runCommand(node, ['smoke.mjs'], { cwd: root, env: { HOME: root } })
  return code === 0 ? [] : [`installed alone: ends with ${code}\n${output}`]
}
