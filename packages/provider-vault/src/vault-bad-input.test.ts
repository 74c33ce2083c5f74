import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { SecretError } from '@st/secrets-core/provider'
import {
  type Answer,
  type FakeVault,
  type Fault,
  KeyValueEngine,
  OtherEngine,
  startFakeVault,
  vaultAnswer,
  vaultRefusals,
} from '@st/test-servers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const canary = 'bad-input-canary-41aa'

/** Something that a user got wrong, and what the error must name. */
interface BadInput {
  readonly title: string
  readonly options?: HashiCorpVaultProviderOptions
  readonly variables?: Readonly<Record<string, string | undefined>>
  readonly kind?: SecretError['kind']
  readonly names: readonly string[]
}

/** Whoever reads the error sees these. */
function shownBy({ message, hint }: SecretError): string {
  return `${message} ${hint}`
}

function dumpOf(error: SecretError): string {
  return [error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n')
}

/** What is wrong before anybody is asked. */
const unusable: readonly BadInput[] = [
  { title: 'no address', variables: { VAULT_ADDR: '' }, names: ['url', 'VAULT_ADDR'] },
  {
    title: 'no token',
    variables: { VAULT_TOKEN: undefined },
    names: ['token', 'auth', 'VAULT_TOKEN', 'VAULT_TOKEN_FILE'],
  },
  { title: 'an address that is no URL', variables: { VAULT_ADDR: canary }, names: ['VAULT_ADDR'] },
  { title: 'an address of another scheme', variables: { VAULT_ADDR: `ftp://${canary}` }, names: ['VAULT_ADDR'] },
  { title: 'an address with a password', variables: { VAULT_ADDR: `http://me:${canary}@h` }, names: ['VAULT_ADDR'] },
  { title: 'a token with a line break', variables: { VAULT_TOKEN: `${canary}\n` }, names: ['VAULT_TOKEN'] },
  { title: 'a token with a space', variables: { VAULT_TOKEN: `${canary} x` }, names: ['VAULT_TOKEN'] },
  {
    title: 'a file of a token that is not there',
    variables: { VAULT_TOKEN: undefined, VAULT_TOKEN_FILE: '/nowhere/token' },
    names: ['VAULT_TOKEN_FILE'],
  },
  ...['a/../b', '..', './a', 'a//b', '/', `a\u0007${canary}`, 'a\n'].flatMap(path => [
    {
      title: `the path ${JSON.stringify(path)}`,
      variables: { SIMPLETUNER_VAULT_PATH: path },
      names: ['SIMPLETUNER_VAULT_PATH'],
    },
    {
      title: `the mount ${JSON.stringify(path)}`,
      variables: { SIMPLETUNER_VAULT_MOUNT: path },
      names: ['SIMPLETUNER_VAULT_MOUNT'],
    },
    {
      title: `the namespace ${JSON.stringify(path)}`,
      variables: { VAULT_NAMESPACE: path },
      names: ['VAULT_NAMESPACE'],
    },
  ]),
  {
    title: 'a file of authorities that is not there',
    variables: { VAULT_ADDR: 'https://127.0.0.1:1', VAULT_CACERT: '/nowhere/ca.pem' },
    names: ['VAULT_CACERT'],
  },
]

/** What the server makes of what a user got wrong. */
const refused: readonly BadInput[] = [
  {
    title: 'a mount that is not there',
    options: { mountPoint: 'nowhere', kvVersion: 2 },
    kind: 'not_configured',
    names: ['mountPoint', 'SIMPLETUNER_VAULT_MOUNT'],
  },
  {
    title: 'a mount that is not there, of any version',
    options: { mountPoint: 'nowhere' },
    kind: 'not_configured',
    names: ['mountPoint', 'SIMPLETUNER_VAULT_MOUNT'],
  },
  { title: 'KV 1 for KV 2', options: { kvVersion: 1 }, kind: 'not_configured', names: ['kvVersion'] },
  {
    title: 'another engine',
    options: { mountPoint: 'transit' },
    kind: 'not_configured',
    names: ['transit', 'mountPoint', 'SIMPLETUNER_VAULT_MOUNT'],
  },
  {
    title: "a token's own engine",
    options: { mountPoint: 'cubbyhole' },
    kind: 'not_configured',
    names: ['cubbyhole', 'mountPoint', 'SIMPLETUNER_VAULT_MOUNT'],
  },
  {
    title: 'a namespace that is not there',
    options: { namespace: 'nowhere' },
    kind: 'not_configured',
    names: ['namespace', 'VAULT_NAMESPACE'],
  },
  {
    title: 'a token that is not accepted',
    options: { token: canary },
    kind: 'unauthenticated',
    names: ['token', 'VAULT_TOKEN'],
  },
  {
    title: 'a token that may not read it',
    options: { token: 's.narrow', kvVersion: 2 },
    kind: 'forbidden',
    names: ['policy', 'secret/data/simpletuner'],
  },
]

/** What answers in the place of Vault, and what is in the place of a document. */
const answers: readonly (readonly [title: string, fault: Fault, names: readonly string[]])[] = [
  ['a page', { kind: 'html' }, ['url', 'VAULT_ADDR']],
  ['JSON that ends in the middle', { kind: 'half' }, ['url', 'VAULT_ADDR']],
  ['an empty body', { kind: 'empty' }, ['url', 'VAULT_ADDR']],
  ['something that is not HTTP', { kind: 'garbage' }, ['url', 'VAULT_ADDR']],
  ['a performance standby', answering({ status: 473, body: '{"errors":[]}' }), ['url', 'VAULT_ADDR']],
  ['a secondary for disasters', answering({ status: 472, body: '{"errors":[]}' }), ['url', 'VAULT_ADDR']],
  ['a redirect', { kind: 'redirect', to: `http://127.0.0.1:1/${canary}` }, ['url', 'VAULT_ADDR', 'redirectOrigins']],
  ['a text for a document', answering(vaultAnswer({ data: canary, metadata: {} })), ['secret/data/simpletuner']],
  ['an array for a document', answering(vaultAnswer({ data: [canary], metadata: {} })), ['secret/data/simpletuner']],
]

function answering(answer: Answer): Fault {
  return { kind: 'answer', answer }
}

async function startVault(): Promise<FakeVault> {
  const vault = await startFakeVault()
  vault.mount('transit', new OtherEngine('transit'))
  vault.mount('cubbyhole', new OtherEngine('cubbyhole', null))
  vault.mount('old', new KeyValueEngine())
  vault.tokens.set('s.narrow', { read: ['secret/data/other'] })
  vault.put('secret', 'simpletuner', { A: canary })
  return vault
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a variable with', () => {
  it.each(unusable)('$title is named, not repeated, and nobody is asked', async ({ variables = {}, names }) => {
    await using vault = await startVault()
    for (const [name, value] of Object.entries({ VAULT_ADDR: vault.url, VAULT_TOKEN: vault.token, ...variables })) {
      vi.stubEnv(name, value)
    }
    const provider = new HashiCorpVaultProvider()

    const error = await failureOf(provider.getSecret('A'))
    const described = inspect(provider.describe())

    expect(error.kind).toBe('not_configured')
    for (const name of names) expect(shownBy(error)).toContain(name)
    expect(dumpOf(error) + described).not.toContain(canary)
    expect(vault.requests).toEqual([])
  })

  it('a file of a token that holds nothing is named', async () => {
    const file = join(homedir(), 'token')
    writeFileSync(file, ' \n', { mode: 0o600 })
    vi.stubEnv('VAULT_TOKEN_FILE', file)
    const provider = new HashiCorpVaultProvider({ url: 'http://127.0.0.1:1' })

    const error = await failureOf(provider.getSecret('A'))

    expect(error.kind).toBe('not_configured')
    expect(shownBy(error)).toContain('VAULT_TOKEN_FILE')
  })
})

describe('a server that is told', () => {
  it.each(refused)('$title makes an error that says what to change', async ({ options, kind, names }) => {
    await using vault = await startVault()
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, ...options })

    const error = await failureOf(provider.getSecret('A'))

    expect(error).toMatchObject({ kind, transient: false })
    for (const name of names) expect(shownBy(error)).toContain(name)
    expect(dumpOf(error)).not.toContain(canary)
  })

  it('KV 2 for KV 1 has nothing there, which is all that it says', async () => {
    await using vault = await startVault()
    vault.put('old', 'simpletuner', { A: '1' })
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, mountPoint: 'old', kvVersion: 2 })

    expect(await provider.getSecret('A')).toBeUndefined()
  })

  it.each(['%2e%2e/%2e%2e/sys/policy', 'a#b', 'a?list=true', "o'neil", 'a%2fb', '50%', 'a b', 'a\\b', 'ü✓'])(
    'the path %j is asked for that and nothing else',
    async path => {
      await using vault = await startVault()
      vault.put('secret', path, { A: 'found' })
      const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, path })

      const value = await provider.getSecret('A')

      expect(value).toBe('found')
      expect(vault.requests.map(({ path: asked }) => decodeURIComponent(asked))).toEqual([
        `/v1/sys/internal/ui/mounts/secret/${path}`,
        `/v1/secret/data/${path}`,
      ])
    },
  )

  it.each(['/simpletuner', 'simpletuner/', '//simpletuner//'])('the path %j is told it without them', async path => {
    await using vault = await startVault()
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, path, mountPoint: '/secret/' })

    expect(await provider.getSecret('A')).toBe(canary)
  })
})

describe('in the place of an answer', () => {
  it.each(answers)('%s makes an error that says where to look', async (_title, fault, names) => {
    await using vault = await startVault()
    vault.break(fault)
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, kvVersion: 2 })

    const error = await failureOf(provider.getSecret('A'))

    for (const name of names) expect(shownBy(error)).toContain(name)
    expect(dumpOf(error)).not.toContain(canary)
  })

  it.each(['array', 'object'])('a value that is an %s is refused alone', async type => {
    await using vault = await startVault()
    vault.put('secret', 'simpletuner', { A: type === 'array' ? [canary] : { x: canary }, B: 'good' })
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token })

    const error = await failureOf(provider.getSecret('A'))
    const other = await provider.getSecret('B')

    expect(error).toMatchObject({ kind: 'invalid', key: 'A' })
    expect(shownBy(error)).toContain('secret/data/simpletuner')
    expect(dumpOf(error)).not.toContain(canary)
    expect(other).toBe('good')
  })

  it('a refusal that repeats what was asked shows no more than that', async () => {
    await using vault = await startVault()
    vault.break({ kind: 'answer', answer: { ...vaultRefusals.policy, body: `{"errors":["${canary}"]}` } })
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, kvVersion: 2 })

    const error = await failureOf(provider.getSecret('A'))

    expect(dumpOf(error)).not.toContain(canary)
  })
})
