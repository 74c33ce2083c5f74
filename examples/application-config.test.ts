import { deepEqual, doesNotMatch, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { InMemorySecretProvider } from '@st/provider-testkit'
import { SecretLoadError, SecretsManager } from '@st/secrets-core'
import { loadConfig } from './application-config.ts'

const stored = { DATABASE_URL: 'postgres://db/app', PORT: '8080', LOG_LEVEL: 'info', HF_TOKEN: 'hf_example' }

test('gives each member the type that its schema makes of the text', async () => {
  const source = new InMemorySecretProvider({ ...stored, MAX_USERS: '25' })
  await using secrets = new SecretsManager({ providers: [source] })

  const config = await loadConfig(secrets)

  const url: string = config.DATABASE_URL
  const port: number = config.port
  const maxUsers: number | undefined = config.maxUsers
  const logLevel: 'debug' | 'info' | 'warn' = config.logLevel
  const sentryDsn: string | undefined = config.sentryDsn
  const token: string = config.token
  deepEqual(
    { url, port, maxUsers, logLevel, sentryDsn, token },
    {
      url: 'postgres://db/app',
      port: 8080,
      maxUsers: 25,
      logLevel: 'info',
      sentryDsn: undefined,
      token: 'hf_example',
    },
  )
  // @ts-expect-error -- an optional member may be undefined
  const dsn: string = config.sentryDsn
  // @ts-expect-error -- there is no such member
  deepEqual([dsn, config.nope], [undefined, undefined])
})

test('names everything that is wrong at once, and no value', async () => {
  const source = new InMemorySecretProvider({
    ...stored,
    DATABASE_URL: '',
    PORT: 'port-canary',
    LOG_LEVEL: 'loud-canary',
  })
  await using secrets = new SecretsManager({ providers: [source] })

  await rejects(loadConfig(secrets), error => {
    if (!SecretLoadError.isInstance(error)) throw error
    deepEqual(
      error.problems.map(({ key, kind }) => [key, kind]),
      [
        ['DATABASE_URL', 'missing'],
        ['PORT', 'invalid'],
        ['LOG_LEVEL', 'invalid'],
      ],
    )
    doesNotMatch(inspect(error, { depth: 20, showHidden: true }), /canary/)
    return true
  })
})
