// A whole configuration, read and checked at start-up. Any Standard Schema will do: Zod, Valibot and ArkType are in one shape
// here to show that. A failure names every key that is missing, could not be looked up or does not fit, and no value.
import { type } from 'arktype'
import type { SecretsManager } from '@st/secrets-core'
import * as v from 'valibot'
import { z } from 'zod'

export async function loadConfig(secrets: SecretsManager) {
  return secrets.load({
    DATABASE_URL: z.url(),
    port: { key: 'PORT', schema: z.coerce.number().int().max(65_535) },
    maxUsers: { key: 'MAX_USERS', schema: v.pipe(v.string(), v.transform(Number), v.integer()), optional: true },
    logLevel: { key: 'LOG_LEVEL', schema: type("'debug' | 'info' | 'warn'") },
    sentryDsn: { key: 'SENTRY_DSN', optional: true },
    token: { key: 'HF_TOKEN' },
  })
}
