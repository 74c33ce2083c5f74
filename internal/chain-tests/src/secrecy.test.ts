import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startFakeSecretsManager, startFakeVault, type Fault } from '@st/test-servers'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('use-everything.ts', import.meta.url))
const canaries = ['ENV', 'FILE', 'AWS', 'VAULT', 'NO_TEXT', 'TOKEN', 'ACCESS_KEY'].map(
  (source, index) => `${source}"Canary/4f1e+b7${index}`,
)
const [ofEnv = '', ofFile = '', ofAws = '', ofVault = '', noText = '', token = '', accessKey = ''] = canaries

/** Something is published on each of them whatever the servers do. */
const heardChannels = [
  'st:secrets.resolve',
  'st:secrets.set',
  'st:secrets.change',
  ...['set', 'hit', 'miss', 'invalidate', 'load'].map(event => `st:cache.${event}`),
]

describe('what a program prints that uses every provider in every way', () => {
  it.each([
    ['by itself', {}, undefined],
    ['with DEBUG=* and NODE_DEBUG=*', { DEBUG: '*', NODE_DEBUG: '*' }, undefined],
    ['while servers send their answers to people', {}, { kind: 'html' }],
    ['while servers answer by halves', { DEBUG: '*', NODE_DEBUG: '*' }, { kind: 'half' }],
    ['while servers hang', {}, { kind: 'hang' }],
  ] as const)('shows no value and no credential %s', async (_, environment, fault) => {
    const output = await outputOf(environment, fault)

    // It did use them, and heard of it.
    const sources = ['env', 'file', ...(fault === undefined ? ['aws', 'vault'] : [])]
    expect(sources.filter(source => !output.includes(`source: '${source}'`))).toEqual([])
    expect(output).toContain(fault === undefined ? 'ST_SECRETS_MISSING' : 'ST_SECRETS_UNRESOLVED')
    expect(heardChannels.filter(channel => !output.includes(`\n${channel} `))).toEqual([])
    expect(output).toContain('\ndone\n')
    expect(canaries.flatMap(formsOf).filter(form => output.includes(form))).toEqual([])
  })
})

async function outputOf(environment: Readonly<Record<string, string>>, fault: Fault | undefined): Promise<string> {
  await using aws = await startFakeSecretsManager()
  aws.put('app', JSON.stringify({ FROM_AWS: ofAws, NO_TEXT: { inner: noText } }))
  // As it stands in a header.
  await using vault = await startFakeVault({ token: encodeURIComponent(token) })
  vault.put('secret', 'app/simpletuner', { FROM_VAULT: ofVault, NO_TEXT: { inner: noText } })
  if (fault !== undefined) for (const server of [aws, vault]) server.break(fault)
  const filePath = join(homedir(), 'secrets.json')
  writeFileSync(filePath, JSON.stringify({ FROM_FILE: ofFile, NO_TEXT: { inner: noText } }), { mode: 0o600 })
  const config = {
    filePath,
    awsSecretName: 'app',
    awsRegion: 'us-east-1',
    vaultUrl: vault.url,
    vaultPath: 'app/simpletuner',
  }
  const env = {
    ...process.env,
    ...environment,
    TEST_CONFIG: JSON.stringify(config),
    FROM_ENV: ofEnv,
    VAULT_TOKEN: encodeURIComponent(token),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: accessKey,
  }
  const args = ['--conditions=@st/source', program]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: Infinity })
  return `${stdout}\n${stderr}`
}

/** The forms in which a value could be shown. */
function formsOf(value: string): readonly string[] {
  const hex = Buffer.from(value).toString('hex')
  return [
    value,
    value.slice(3, 18),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    encodeURIComponent(value),
    hex,
    hex.toUpperCase(),
    String.fromCodePoint(...Buffer.from(value).toReversed()),
    // As `util.inspect` prints bytes.
    (hex.match(/../g) ?? []).join(' '),
    // Whatever stands before it, one of the three begins at a border of three bytes.
    ...['', 'x', 'xx'].flatMap(before =>
      (['base64', 'base64url'] as const).map(encoding =>
        Buffer.from(before + value)
          .toString(encoding)
          .slice(4, -4),
      ),
    ),
  ]
}
