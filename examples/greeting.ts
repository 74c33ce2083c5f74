// Code that reads secrets takes a `SecretReader`, so that a test can hand in secrets of its own; see greeting.test.ts.
import type { SecretReader } from '@st/secrets-core'

export async function greeting(secrets: SecretReader): Promise<string> {
  return `hello ${await secrets.get('NAME', 'nobody')}`
}
