import type { SecretProvider } from '../contract/secret-provider.ts'
import { withDeadline } from '../policy/deadline.ts'

/** Closes all at once, whether or not they can be; never takes longer than `timeoutMs`. */
export async function closeProviders(providers: readonly SecretProvider[], timeoutMs: number): Promise<void> {
  await Promise.allSettled(providers.map(async provider => withDeadline(timeoutMs, async () => provider.close?.())))
}
