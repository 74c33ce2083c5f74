import type { ProviderContext, SecretProvider } from '@st/secrets-core/provider'
import type { ProviderSource } from '../conformance-harness.ts'
import { outcomeOf } from './settling.ts'

/** Makes the provider, hands it over and closes it, however the case ends. */
export async function withProvider(
  source: ProviderSource,
  secrets: Readonly<Record<string, string>>,
  run: (provider: SecretProvider) => Promise<void>,
): Promise<void> {
  const provider = await source(secrets)
  try {
    await run(provider)
  } finally {
    // Whether it can be closed is a case of its own.
    await outcomeOf(async () => provider.close?.())
  }
}

/** A context whose signal never aborts. */
export function calmContext(): ProviderContext {
  return { signal: new AbortController().signal }
}

/** Text for an assertion message: what was asked, shortened. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
