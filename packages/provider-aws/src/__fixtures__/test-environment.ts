import { afterEach, beforeEach, vi } from 'vitest'

/** Credentials that no log and no error may show. */
export const credentials = {
  AWS_ACCESS_KEY_ID: 'canary-access-key-id',
  AWS_SECRET_ACCESS_KEY: 'canary-secret-access-key',
  AWS_SESSION_TOKEN: 'canary-session-token',
} as const

/** Gives every test of a file AWS credentials and nothing else of AWS. */
export function useTestEnvironment(): void {
  beforeEach(() => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })
}
