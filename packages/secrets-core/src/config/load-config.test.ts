import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SecretsManager } from '../manager/secrets-manager.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import { defineConfig } from './define-config.ts'
import { loadConfig } from './load-config.ts'

const canary = 'canary-4b71-value'

const home = (): string => process.env['HOME'] ?? ''

function write(name: string, content: unknown): string {
  const path = join(home(), name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** What loading throws. */
async function failure(options: Parameters<typeof loadConfig>[0]): Promise<ConfigError> {
  try {
    await loadConfig(options)
  } catch (error) {
    if (ConfigError.isInstance(error)) return error
    throw error
  }
  throw new Error('it was loaded')
}

/** Names of a chain, in order. */
function namesOf({ providers }: Awaited<ReturnType<typeof loadConfig>>): readonly string[] {
  return providers.map(one => ('getSecret' in one ? one : one.provider).name)
}

describe('loadConfig', () => {
  it('gives the standard chain where there is no file', async () => {
    const loaded = await loadConfig({ cwd: home(), env: {} })

    expect(namesOf(loaded)).toEqual(['env', 'file', 'aws', 'vault'])
    expect(loaded).not.toHaveProperty('configPath')
  })

  it('gives what a SecretsManager takes: providers in order, their keys and policies', async () => {
    write('values.json', { DB_USER: 'u', OTHER: 'o' })
    const path = write('st-secrets.config.json', {
      $schema: 'x',
      providers: [
        { use: 'env', options: { prefix: 'MYAPP' } },
        { use: 'file', options: { filePath: 'values.json' }, keys: ['DB_*'], policy: { timeoutMs: 500, retry: false } },
      ],
      policy: { onError: 'fail', cache: { ttl: 60 } },
      timeoutMs: 1000,
      maxEntries: 10,
    })

    const loaded = await loadConfig({ cwd: home(), env: { MYAPP_A: 'a' } })
    await using secrets = new SecretsManager(loaded)

    expect(await secrets.getMany(['A', 'DB_USER', 'OTHER'])).toEqual({ A: 'a', DB_USER: 'u', OTHER: undefined })
    expect(loaded).toMatchObject({ configPath: path, policy: { onError: 'fail' }, timeoutMs: 1000, maxEntries: 10 })
    expect(loaded.providers[1]).toMatchObject({ policy: { timeoutMs: 500, retry: false } })
  })

  it.each(['ts', 'mjs'])('loads a module, .%s, with providers of its own', async ending => {
    const type = ending === 'ts' ? ': string' : ''
    write(
      `st-secrets.config.${ending}`,
      `const name${type} = 'mine'
       const provider = { name, isAvailable: () => true, getSecret: async key => key + '!' }
       export default { providers: [{ use: 'env' }, { provider, accepts: key => key === 'A' }] }`,
    )

    await using secrets = new SecretsManager(await loadConfig({ cwd: home(), env: {} }))

    expect(await secrets.getMany(['A', 'B'])).toEqual({ A: 'A!', B: undefined })
  })

  it('takes a class of any package, seen from the file', async () => {
    mkdirSync(join(home(), 'node_modules', 'acme'), { recursive: true })
    write('node_modules/acme/package.json', { name: 'acme', type: 'module', exports: './index.js' })
    write(
      'node_modules/acme/index.js',
      `export class Provider { name = 'acme'; constructor(options) { this.options = options }
         isAvailable() { return true } async getSecret() { return this.options.value } }`,
    )
    write('st-secrets.config.json', { providers: [{ use: 'acme#Provider', options: { value: 'v' } }] })

    await using secrets = new SecretsManager(await loadConfig({ cwd: home() }))

    expect(await secrets.get('X')).toBe('v')
  })

  it('looks where an option or a variable says, and not in folders above', async () => {
    const path = write('st-secrets.config.json', { providers: [] })
    const other = write('other.json', { providers: [{ use: 'env' }] })
    mkdirSync(join(home(), 'below'))
    const cwd = join(home(), 'below')

    const loaded = await Promise.all([
      loadConfig({ cwd, env: {} }),
      loadConfig({ cwd, env: { ST_SECRETS_CONFIG: '../st-secrets.config.json' } }),
      loadConfig({ cwd, env: { ST_SECRETS_CONFIG: path }, path: '../other.json' }),
    ])

    expect(loaded.map(({ configPath }) => configPath)).toEqual([undefined, path, other])
  })

  it('makes only the environment at the beginning when that is all that is wanted', async () => {
    const write2 = (providers: readonly unknown[]): string => write('st-secrets.config.json', { providers })
    const load = async (): Promise<readonly string[]> =>
      namesOf(await loadConfig({ cwd: home(), env: {}, environmentOnly: true }))
    const none = await load()
    write2([{ use: 'env' }, { use: 'env', options: { name: 'b', prefix: 'B' } }, { use: 'nothing#X' }, { use: 'env' }])
    const two = await load()
    write2([{ use: 'file' }, { use: 'env' }])
    const later = await load()

    expect([none, two, later]).toEqual([['env'], ['env', 'b'], []])
  })

  it('asks for a package that a variable names', async () => {
    const loaded = await loadConfig({ cwd: home(), env: { VAULT_ADDR: 'http://127.0.0.1:1' } })

    expect(namesOf(loaded)).toContain('vault')
  })

  it.each<[string, unknown, ConfigProblem, string | RegExp]>([
    ['no object', [canary], 'config_invalid', 'The configuration must be an object.'],
    [
      'an unknown member',
      { provider: canary },
      'config_invalid',
      'unknown member "provider". Known: providers, policy',
    ],
    ['providers that are no array', { providers: { use: 'env' } }, 'config_invalid', '"providers" must be an array.'],
    [
      'a provider that is not named',
      { providers: [{ use: 'redis' }] },
      'config_invalid',
      'providers[0].use must be "env"',
    ],
    ['a misspelt member', { providers: [{ use: 'env', option: {} }] }, 'config_invalid', 'unknown member "option"'],
    [
      'a misspelt option',
      { providers: [{ use: 'file', options: { path: canary } }] },
      'config_invalid',
      'providers[0].options has an unknown member "path". Known: filePath',
    ],
    [
      'an option that the class refuses',
      { providers: [{ use: 'file', options: { maxBytes: -1 } }] },
      'config_invalid',
      'providers[0].options cannot be used: maxBytes must be a positive integer',
    ],
    [
      'keys that are no strings',
      { providers: [{ use: 'env', keys: [1] }] },
      'config_invalid',
      'providers[0].keys must be',
    ],
    [
      'a number out of its range',
      { policy: { timeoutMs: -1 } },
      'config_invalid',
      'policy: "timeoutMs" is out of its range',
    ],
    [
      'a misspelt rule',
      { policy: { cache: { tll: 1 } } },
      'config_invalid',
      'policy.cache has an unknown member "tll"',
    ],
    ['a deadline that is no number', { timeoutMs: '8s' }, 'config_invalid', '"timeoutMs" must be a number above 0.'],
    [
      'two providers of one name',
      { providers: [{ use: 'env' }, { use: 'env', options: { prefix: 'X' } }] },
      'config_invalid',
      'providers[0] and providers[1] have the same name "env".',
    ],
    [
      'a package that is not installed',
      { providers: [{ use: '@acme/none#P' }] },
      'config_not_installed',
      'providers[0] needs @acme/none, which is not installed.',
    ],
    [
      'a class that is not there',
      { providers: [{ use: '@st/provider-env#Nope' }] },
      'config_not_installed',
      'needs Nope, which @st/provider-env does not export',
    ],
    [
      'a class that makes no provider',
      { providers: [{ use: '@st/secrets-core#SecretsManager' }] },
      'config_invalid',
      '@st/secrets-core#SecretsManager is no provider of secrets',
    ],
    ['broken JSON', `{"a": 1,\n "${canary}`, 'config_malformed', /is not JSON: .*line 2/],
  ])('refuses %s, naming file and member', async (...[, content, problem, text]) => {
    const path = write('st-secrets.config.json', content)

    const error = await failure({ cwd: home(), env: {} })

    expect(error).toMatchObject({ name: 'ConfigError', detail: problem, path })
    expect(error.message.startsWith(`${path}: `)).toBe(true)
    expect(error.message).toMatch(text)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(canary)
    expect(JSON.stringify(error)).not.toContain(canary)
  })

  it.each([
    ['what throws', `\n\nthrow new RangeError('${canary}')`, 'It fails when loaded (RangeError)'],
    ['what throws no error', `throw '${canary}'`, 'It fails when loaded.'],
    ['a module that is not there', `import './${canary}.mjs'`, 'ERR_MODULE_NOT_FOUND'],
    ['no default export', `export const config = '${canary}'`, 'It has no default export.'],
  ])('refuses a module with %s, and repeats nothing of it', async (_, content, text) => {
    write('st-secrets.config.mjs', content)

    const error = await failure({ cwd: home(), env: {} })

    expect(error.message).toContain(text)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(canary)
  })

  it('refuses a file that is not there, and more than one', async () => {
    const missing = await failure({ cwd: home(), path: 'none.json' })
    write('st-secrets.config.json', {})
    write('st-secrets.config.mjs', '')
    const several = await failure({ cwd: home(), env: {} })

    expect([missing.detail, several.detail]).toEqual(['config_missing', 'config_ambiguous'])
    expect([missing.kind, several.kind]).toEqual(['not_configured', 'not_configured'])
  })

  it.runIf(process.platform !== 'win32')('refuses a file that others could have written', async () => {
    const path = write('st-secrets.config.json', { providers: [] })
    chmodSync(path, 0o666)
    const file = await failure({ cwd: home(), env: {} })
    chmodSync(path, 0o644)
    chmodSync(home(), 0o777)
    const folder = await failure({ cwd: home(), env: {}, path })
    chmodSync(home(), 0o1777)
    const sticky = await loadConfig({ cwd: home(), env: {} })

    expect([file.detail, folder.detail, file.kind]).toEqual(['config_insecure', 'config_insecure', 'insecure'])
    expect(file.hint).toContain('chmod o-w')
    expect(sticky.configPath).toBe(path)
  })

  it.runIf(process.geteuid?.() === 0)('refuses a file of another user unless it is named', async () => {
    const { chownSync } = await import('node:fs')
    const path = write('st-secrets.config.json', { providers: [] })
    chownSync(path, 65_534, 65_534)

    const found = await failure({ cwd: home(), env: {} })
    const named = await loadConfig({ path, env: {} })

    expect(found.detail).toBe('config_insecure')
    expect(named.configPath).toBe(path)
  })
})

describe('defineConfig', () => {
  it('gives back what it is given', () => {
    const config = defineConfig({ providers: [{ use: 'env', keys: ['A*'] }] })

    expect(config).toEqual({ providers: [{ use: 'env', keys: ['A*'] }] })
  })
})
