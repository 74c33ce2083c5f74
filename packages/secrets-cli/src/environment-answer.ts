import { loadConfig } from '@st/secrets-core/config'
import type { CommandContext } from './command-context.ts'
import type { GlobalFlags } from './global-flags.ts'

/** What the environment says about a key. */
export interface EnvironmentAnswer {
  /** Name of the provider. */
  readonly source: string
  /** Name of the variable; `null` where the provider does not say. */
  readonly locator: string | null
  readonly value: string
}

/**
 * What a chain that begins with the environment answers, without loading the rest of it; `undefined` where the whole chain
 * has to be asked. This is most of what a shell script asks, and takes a third of the time.
 */
export async function environmentAnswer(
  context: CommandContext,
  flags: GlobalFlags,
  key: string,
): Promise<EnvironmentAnswer | undefined> {
  const { cwd, env } = context
  const { providers } = await loadConfig({ path: flags.config, cwd, env, environmentOnly: true })
  for (const one of providers) {
    const { provider, accepts } = 'getSecret' in one ? { provider: one, accepts: undefined } : one
    if (accepts?.(key) === false) continue
    const answer = await provider.readSecret?.({ key }, { signal: AbortSignal.any([]) })
    if (answer !== undefined) return { source: provider.name, locator: answer.locator ?? null, value: answer.value }
  }
  return undefined
}
