import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AWSSecretsManagerProvider } from '@st/provider-aws'
import { HashiCorpVaultProvider } from '@st/provider-vault'
import { beforeEach, expect, it } from 'vitest'
import { told } from '../testing/answers.ts'
import { runServer, type RunningServer } from '../testing/running-server.ts'
import { fileFindings } from './file-findings.ts'

const canary = 'canary-c0de'
let folder: string

beforeEach(async () => {
  folder = join(homedir(), '.simpletuner')
  await mkdir(folder, { mode: 0o700 })
})

interface Told {
  readonly area: string
  readonly id: string
  readonly severity: string
  readonly message: string
  readonly fix?: string
}

async function findings(server: RunningServer): Promise<readonly Told[]> {
  const [, body] = await told(server.send('/api/doctor'))
  return (body as { readonly findings: readonly Told[] }).findings
}

it('nothing grave is found in an installation that is in order', async () => {
  await using server = await runServer()

  const found = await findings(server)

  expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(found.map(({ area, id }) => `${area} ${id}`)).toEqual(
    expect.arrayContaining(['key key.source', 'audit audit.verified']),
  )
})

it('a source that nobody has configured is no error, one that is configured by half is', async () => {
  const unused = new HashiCorpVaultProvider()
  const half = new AWSSecretsManagerProvider({ secretName: 'app' })
  await using server = await runServer({ providers: [unused, half] })

  const found = await findings(server)

  const severities = found
    .filter(({ id }) => id.endsWith('.not_configured'))
    .map(({ area, severity }) => [area, severity])
  expect(severities).toEqual([
    ['provider:aws', 'error'],
    ['provider:vault', 'info'],
  ])
})

it('the gravest comes first: files open to others, shadowed keys, a log that was tampered with, each with its remedy', async () => {
  const secrets = join(folder, 'secrets.json')
  await writeFile(secrets, JSON.stringify({ HF_TOKEN: canary, SAME: 'x' }), { mode: 0o600 })
  await chmod(secrets, 0o644)
  await using server = await runServer({ env: { HF_TOKEN: 'other', SAME: 'x' } })
  const key = join(server.services.folder, 'credential.key')
  await chmod(key, 0o640)
  await server.services.database.write(async transaction => {
    await transaction.updateTable('audit_entry').set({ action: 'Nothing' }).execute()
  })

  const found = await findings(server)

  const by = (id: string): readonly Told[] => found.filter(finding => finding.id === id)
  const order = found.map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity))
  expect(order).toEqual(order.toSorted((left, right) => left - right))
  expect(by('state.mode')).toEqual([
    {
      area: 'files',
      id: 'state.mode',
      severity: 'error',
      message: `${key} has the mode 0640: other users may read it.`,
      fix: `chmod 600 ${key}`,
    },
  ])
  expect(by('file.mode')).toMatchObject([{ area: 'provider:file', fix: `chmod 600 ${secrets}` }])
  expect(by('secret.shadowed')).toMatchObject([
    {
      severity: 'warning',
      message: '"HF_TOKEN" is answered by env; file holds another value for it.',
      fix: 'Remove it from env or from file: what is changed in file is not used.',
    },
    { severity: 'info', message: '"SAME" is answered by env; file holds the same value for it.' },
  ])
  expect(by('audit.tampered')).toMatchObject([{ area: 'audit', severity: 'error' }])
  expect(JSON.stringify(found)).not.toContain(canary)
})

it('a key that does not belong to the database is told with what to do', async () => {
  await using server = await runServer()
  await server.services.database.write(async transaction => {
    await transaction.updateTable('key_check').set({ fingerprint: 'ffffffffffffffff' }).execute()
  })

  const found = await findings(server)

  expect(found).toContainEqual({
    area: 'key',
    id: 'key.outdated',
    severity: 'error',
    message: expect.stringContaining('ffffffffffffffff'),
    fix: expect.stringContaining('SIMPLETUNER_CREDENTIAL_KEY_NEXT'),
  })
})

it('files of another user are found', async () => {
  await writeFile(join(folder, 'audit.key'), 'x', { mode: 0o600 })

  const found = await fileFindings(folder, 4711)

  expect(found.map(({ id, fix }) => [id, fix])).toEqual([
    ['state.owner', `chown 4711 ${folder}`],
    ['state.owner', `chown 4711 ${join(folder, 'audit.key')}`],
  ])
})

it('the doctor is for who is signed in', async () => {
  await using server = await runServer()

  expect(await told(server.send('/api/doctor', { as: null }))).toEqual([401, 'SIGN_IN_NEEDED'])
})
