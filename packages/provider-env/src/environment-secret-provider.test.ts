import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describeProviderContract } from '@st/provider-testkit'
import { describe, expect, it } from 'vitest'
import { EnvironmentSecretProvider } from './environment-secret-provider.ts'
import { variableName } from './variable-name.ts'

interface RecordedLookup {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly prefix?: string
  readonly key: string
  readonly value: string | null
}

/** What SimpleTuner's provider answered; `JSON.parse` does not know that the file holds this. */
const lookups = JSON.parse(
  readFileSync(new URL('__fixtures__/lookups.json', import.meta.url), 'utf8'),
) as readonly RecordedLookup[]

/** What somebody who exports these secrets would have set. */
function exported(secrets: Readonly<Record<string, string>>, prefix = ''): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([key, value]) => [variableName(key, prefix), value]))
}

describe('EnvironmentSecretProvider', () => {
  describeProviderContract(
    { holding: secrets => new EnvironmentSecretProvider({ env: exported(secrets) }) },
    { describe, it },
  )

  describe('with a prefix', () => {
    describeProviderContract(
      { holding: secrets => new EnvironmentSecretProvider({ prefix: 'APP', env: exported(secrets, 'APP') }) },
      { describe, it },
    )
  })

  it.each(lookups)('answers as recorded: $name', async ({ env, prefix, key, value }) => {
    const provider = new EnvironmentSecretProvider({ env, prefix })

    // R14: an empty variable counts as not set.
    expect(await provider.getSecret(key)).toBe(value === null || value === '' ? undefined : value)
  })

  it('is checked against all 18 recorded lookups', () => {
    expect(lookups).toHaveLength(18)
  })

  it('reads process.env at each call', async () => {
    const provider = new EnvironmentSecretProvider({ prefix: 'ST_ENV_TEST' })

    const before = await provider.getSecret('late-key')
    process.env['ST_ENV_TEST_LATE_KEY'] = 'set later'
    const after = await provider.getSecret('late-key')
    delete process.env['ST_ENV_TEST_LATE_KEY']

    expect([before, after, await provider.getSecret('late-key')]).toEqual([undefined, 'set later', undefined])
  })

  it('answers undefined for a key with a null character, which no variable can have', async () => {
    expect(await new EnvironmentSecretProvider().getSecret('a\0b')).toBeUndefined()
  })

  it('finds an empty variable when told that empty is not missing', async () => {
    const provider = new EnvironmentSecretProvider({ env: { EMPTY: '' }, emptyAsMissing: false })

    expect(await provider.getSecret('empty')).toBe('')
    expect(await provider.getSecret('absent')).toBeUndefined()
  })

  it('does not take inherited members for variables', () => {
    const provider = new EnvironmentSecretProvider({ env: Object.create({ INHERITED: 'no variable' }) })

    expect(provider.getSecretSync('inherited')).toBeUndefined()
  })

  it('treats an empty prefix as none', () => {
    expect(new EnvironmentSecretProvider({ prefix: '', env: { KEY: 'v' } }).getSecretSync('key')).toBe('v')
  })

  it('is always available, named env unless it is told otherwise', () => {
    expect(new EnvironmentSecretProvider({ env: {} }).isAvailable()).toBe(true)
    expect(new EnvironmentSecretProvider().name).toBe('env')
    expect(new EnvironmentSecretProvider({ name: 'ci' }).name).toBe('ci')
  })

  it('says which variable it read', async () => {
    const provider = new EnvironmentSecretProvider({ prefix: 'APP', env: { APP_HF_TOKEN: 'hf_x', APP_EMPTY: '' } })

    expect(await provider.readSecret({ key: 'hf-token' })).toEqual({ value: 'hf_x', locator: 'APP_HF_TOKEN' })
    expect(await provider.readSecret({ key: 'empty' })).toBeUndefined()
    expect(await provider.readSecret({ key: 'absent' })).toBeUndefined()
  })

  it('describes its variables', () => {
    expect(new EnvironmentSecretProvider().describe()).toEqual({ variables: '<KEY>' })
    expect(new EnvironmentSecretProvider({ prefix: 'app' }).describe()).toEqual({ variables: 'app_<KEY>' })
  })

  it('is ready, and degraded with a prefix that a shell cannot set', async () => {
    expect(await new EnvironmentSecretProvider({ prefix: 'APP' }).checkHealth()).toEqual({
      status: 'ready',
      findings: [],
    })
    expect(await new EnvironmentSecretProvider({ prefix: 'my-app' }).checkHealth()).toMatchObject({
      status: 'degraded',
      findings: [{ id: 'env.prefix' }],
    })
  })

  it('prints no variable of the environment it was given', async () => {
    const provider = new EnvironmentSecretProvider({ env: { TOKEN: 'canary-2b7d' } })

    const shown = [provider, provider.describe(), await provider.checkHealth()].map(
      value => inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value),
    )

    expect(shown.join('\n')).not.toContain('canary-2b7d')
  })
})
