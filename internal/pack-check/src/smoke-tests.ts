import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerProject } from './consumer-project.ts'
import { runCommand } from './run-command.ts'

/** Promises about being installed alone that no README example shows. */
const programs: Readonly<Record<string, string>> = {
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
