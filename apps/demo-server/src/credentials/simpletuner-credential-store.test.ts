import { readFileSync } from 'node:fs'
import { SecretsManager } from '@st/secrets-core'
import { expect, it } from 'vitest'
import { testCiphers } from '../testing/ciphers.ts'
import { describeDatabases } from '../testing/databases.ts'
import { userWorld } from '../testing/user-world.ts'
import { CredentialResolver } from './credential-resolver.ts'
import { Credentials } from './credentials.ts'

interface Step {
  readonly op: string
  readonly user?: number | null
  readonly provider?: string
  readonly name?: string
  readonly value?: string
  readonly globalKey?: string
  readonly result?: unknown
  readonly raises?: string
}

interface Recording {
  readonly name: string
  readonly users: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

// Recorded from SimpleTuner in this shape.
const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/simpletuner-credential-store.json', import.meta.url), 'utf8'),
) as readonly Recording[]

/** Steps in which we differ on purpose, as the answer is here. */
const differences: Readonly<Record<string, unknown>> = {
  // The id is that of the row when it is set again too (R120), so only that there is one is compared.
  set: 'an id',
  // Encrypted (R119).
  rawValue: 'encrypted',
  // There is no way past the store that forgets an argument.
  setAsRouteDoes: undefined,
  // Deactivating is exposed (R122).
  deactivateExposedOnUserStore: true,
}

const actor = { name: 'test' }

describeDatabases('what SimpleTuner was recorded to do with credentials', ({ open }) => {
  it.each(recordings.map(({ name }) => name))('%s', async title => {
    const recording = recordings.find(({ name }) => name === title)
    const world = userWorld(await open())
    const credentials = new Credentials({ ...world, ciphers: await testCiphers() })
    for (const name of recording?.users ?? []) await world.users.create({ name, role: 'viewer' }, actor)
    const getSecret = async (key: string): Promise<string | undefined> => recording?.env?.[key]
    const secrets = new SecretsManager({ providers: [{ name: 'env', isAvailable: () => true, getSecret }] })
    const resolver = new CredentialResolver({ credentials, secrets })
    const parts = { credentials, resolver, world }

    const answers: unknown[] = []
    const expected: unknown[] = []
    for (const step of recording?.steps ?? []) {
      answers.push(await perform(parts, step))
      expected.push(expectedOf(title, step))
    }

    expect(answers).toEqual(expected)
    expect(answers.length).toBeGreaterThan(0)
  })
})

interface Parts {
  readonly credentials: Credentials
  readonly resolver: CredentialResolver
  readonly world: ReturnType<typeof userWorld>
}

async function perform({ credentials, resolver, world }: Parts, step: Step): Promise<unknown> {
  const key = { userId: step.user ?? 0, provider: step.provider ?? '', name: step.name ?? '' }
  const resolve = (provider: string, name: string, globalKey?: string): Promise<unknown> =>
    resolver
      .getCredential({ userId: step.user ?? undefined, provider, name, globalKey })
      .then(found => found?.value ?? null)
  const isDone = (change: Promise<unknown>): Promise<boolean> => change.then(() => true).catch(() => false)
  const operations: Readonly<Record<string, () => unknown>> = {
    get: async () => (await credentials.use(key)) ?? null,
    set: () =>
      credentials
        .set(key, { value: step.value ?? '' }, actor)
        .then(() => 'an id')
        .catch((error: Error) => error.message),
    rawValue: async () => {
      const { value } = await world.database.reads
        .selectFrom('credential_version')
        .select('value')
        .executeTakeFirstOrThrow()
      return value.startsWith('st2.') ? 'encrypted' : value
    },
    list: async () =>
      (await credentials.list(key.userId, { limit: 100, provider: step.provider })).map(shown => [
        shown.provider,
        shown.name,
        shown.isActive,
      ]),
    markUsed: async () => (await credentials.use(key)) !== undefined,
    deactivate: () => isDone(credentials.setActive(key, false, actor)),
    delete: () => isDone(credentials.delete(key, actor)),
    setAsRouteDoes: () => undefined,
    deactivateExposedOnUserStore: () => typeof credentials.setActive === 'function',
    replicateToken: () => resolve('replicate', 'api_token', 'REPLICATE_API_TOKEN'),
    hfToken: () => resolve('huggingface', 'api_token', 'HF_TOKEN'),
    resolve: () => resolve(key.provider, key.name),
    source: async () =>
      (await resolver.getSource({ ...key, userId: step.user ?? undefined, globalKey: step.globalKey }))?.source ?? null,
    // SimpleTuner's never records a use: its call lacks an argument (R123).
    auditCount: async () => (await world.log.page({ types: ['credential.used'] }, { limit: 1 })).total > 0,
  }
  return operations[step.op]?.() ?? `no such operation: ${step.op}`
}

function expectedOf(title: string, step: Step): unknown {
  if (step.raises === 'IntegrityError') return 'There is no such user.'
  if (step.op in differences) return differences[step.op] ?? `no such operation: ${step.op}`
  if (step.op === 'auditCount') return true
  // An empty value is nobody's source here, as it is nobody's value (R125).
  if (step.op === 'source' && title.startsWith('empty')) return 'global'
  if (step.op !== 'list' || !Array.isArray(step.result)) return step.result
  // The rows of a list are recorded in this shape.
  const rows = step.result as readonly { provider: string; credential_name: string; is_active: boolean }[]
  return rows.map(row => [row.provider, row.credential_name, row.is_active])
}
