import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { SecretsManager, type StandardChainConfig } from '@st/secrets-core'
import { startFakeSecretsManager, startFakeVault } from '@st/test-servers'
import { copyWithDependencies, runModule } from '@st/test-setup'
import { describe, expect, it } from 'vitest'

/** Callers without types write anything. */
function make(config: unknown): () => SecretsManager {
  return () => new SecretsManager({ config: config as StandardChainConfig })
}

describe('the standard chain', () => {
  it('has the four providers in the order of the document, at once and without any network', () => {
    const manager = new SecretsManager()

    expect(manager.providers.map(provider => [provider.name, provider.isAvailable()])).toEqual([
      ['env', true],
      ['file', false],
      ['aws', false],
      ['vault', false],
    ])
  })

  it('sees a file that is made later', async () => {
    await using manager = new SecretsManager()
    const before = await manager.get('A')
    mkdirSync(join(homedir(), '.simpletuner'))
    writeFileSync(join(homedir(), '.simpletuner/secrets.yml'), 'A: later')

    expect([before, await manager.get('A', { fresh: true })]).toEqual([undefined, 'later'])
  })

  it('hands each setting to its provider', async () => {
    writeFileSync(join(homedir(), 's.json'), '{"A":"file"}')
    process.env['WEB_B'] = 'env'
    await using manager = new SecretsManager({ config: { envPrefix: 'WEB', filePath: join(homedir(), 's.json') } })

    const values = await manager.getMany(['A', 'b'])
    delete process.env['WEB_B']

    expect(values).toEqual({ A: 'file', b: 'env' })
    expect(manager.getSecretsFilePath()).toBe(join(homedir(), 's.json'))
  })

  it('answers from the environment, the file, AWS and Vault, in this order', async () => {
    await using aws = await startFakeSecretsManager()
    aws.put('myapp/secrets', JSON.stringify({ A: 'aws', B: 'aws', C: 'aws' }))
    await using vault = await startFakeVault()
    vault.put('secret', 'myapp/simpletuner', { A: 'vault', B: 'vault', C: 'vault', D: 'vault' })
    writeFileSync(join(homedir(), 's.json'), '{"A":"file","B":"file"}')
    Object.assign(process.env, {
      A: 'env',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    })
    await using manager = new SecretsManager({
      // Both SDKs are loaded on the way, which takes seconds on a busy machine.
      timeoutMs: 60_000,
      policy: { timeoutMs: 60_000 },
      config: {
        filePath: join(homedir(), 's.json'),
        awsSecretName: 'myapp/secrets',
        awsRegion: 'eu-west-1',
        vaultUrl: vault.url,
        vaultToken: vault.token,
        vaultPath: 'myapp/simpletuner',
      },
    })

    const sources = await Promise.all(['A', 'B', 'C', 'D', 'E'].map(async key => (await manager.resolve(key)).trace))
    for (const name of ['A', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      delete process.env[name]

    expect(sources.map(({ status, source }) => source ?? status)).toEqual(['env', 'file', 'aws', 'vault', 'missing'])
  })

  it('refuses a setting that it does not know, and one that is no string', () => {
    expect(make({ vault_url: 'x' })).toThrow(
      new TypeError(
        'Unknown setting "vault_url" in config. Known: envPrefix, filePath, awsSecretName, awsRegion, vaultUrl, vaultToken, vaultPath, vaultMountPoint.',
      ),
    )
    expect(make({ filePath: 5 })).toThrow(new TypeError('config.filePath must be a string.'))
  })
})

/** Options and variables that name a provider, and which one. */
const namings = [
  { options: '{ config: { vaultUrl: "http://127.0.0.1:1" } }', provider: 'vault', namedBy: 'config.vaultUrl' },
  { options: '{ config: { awsRegion: "eu-west-1" } }', provider: 'aws', namedBy: 'config.awsRegion' },
  { options: '{ config: { filePath: "x.json" } }', provider: 'file', namedBy: 'config.filePath' },
  { options: '{ config: { envPrefix: "X" } }', provider: 'env', namedBy: 'config.envPrefix' },
  { variable: 'VAULT_ADDR', provider: 'vault', namedBy: 'the variable VAULT_ADDR' },
  { variable: 'SIMPLETUNER_AWS_SECRET_NAME', provider: 'aws', namedBy: 'the variable SIMPLETUNER_AWS_SECRET_NAME' },
]

/** An expression that makes a manager and gives its providers, or the error instead. */
function attempt(options = '', variable = 'UNUSED'): string {
  const code = `new SecretsManager(${options}).providers`
  return `(() => { process.env.${variable} = 'x'; try { return ${code} } catch (error) { return error } finally { delete process.env.${variable} } })()`
}

/** Evaluates expressions over `SecretsManager` where only core and its cache are installed. */
async function askAlone(expressions: readonly string[]): Promise<unknown[]> {
  const core = dirname(createRequire(import.meta.url).resolve('@st/secrets-core/package.json'))
  const script = `import { SecretsManager } from '@st/secrets-core'\nconsole.log(JSON.stringify([${expressions.join()}]))`
  const { stdout } = await runModule(script, copyWithDependencies(core, ['@st/ttl-cache']))
  // One answer for each expression.
  return JSON.parse(stdout) as unknown[]
}

describe('a provider package that is not installed', () => {
  let asked: Promise<unknown[]> | undefined

  /** One process answers for all tests; the first of them starts it. */
  function answers(): Promise<unknown[]> {
    asked ??= askAlone([
      attempt(),
      attempt('{ config: { vaultUrl: undefined } }'),
      ...namings.map(({ options, variable }) => attempt(options, variable)),
    ])
    return asked
  }

  it('is left out', async () => {
    expect((await answers())[0]).toEqual([])
  })

  it('is not missed when an option is undefined', async () => {
    expect((await answers())[1]).toEqual([])
  })

  it.each(namings)('is an error when $namedBy names it', async ({ provider, namedBy }) => {
    const index = namings.findIndex(naming => naming.namedBy === namedBy)

    expect((await answers())[2 + index]).toMatchObject({
      kind: 'not_configured',
      code: 'ST_SECRETS_NOT_CONFIGURED',
      provider,
      message: `Provider "${provider}" is named by ${namedBy} and is not installed.`,
      hint: `Install it: npm install @st/provider-${provider}`,
    })
  })
})
