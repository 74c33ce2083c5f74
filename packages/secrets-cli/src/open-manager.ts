import { SecretsManager } from '@st/secrets-core'
import { type LoadedConfig, loadConfig } from '@st/secrets-core/config'
import { CliError } from './cli-error.ts'
import type { Environment, OpenOptions } from './command-context.ts'
import { exitCodes } from './exit-codes.ts'
import type { GlobalFlags } from './global-flags.ts'

/** What {@link openManager} is told. */
export interface OpenManagerOptions extends OpenOptions {
  /** The command's flags. */
  readonly flags: GlobalFlags
  /** Environment variables. */
  readonly env: Environment
  /** Where the configuration file is looked for. */
  readonly cwd: string
}

/** A manager with where it comes from; to be closed after use. */
export interface OpenedManager extends AsyncDisposable {
  /** Asks the providers. */
  readonly manager: SecretsManager
  /** Configuration file; absent when there is none and the chain is the standard one. */
  readonly configPath?: string
  /** Aborts when the time that `--timeout` gives is up, for calls that have no deadline of their own; else never. */
  readonly signal: AbortSignal
}

/** Makes the manager that the configuration describes. */
export async function openManager(options: OpenManagerOptions): Promise<OpenedManager> {
  const { flags, env, cwd, redactor, provider } = options
  const { configPath, providers, policy, ...configured } = await loadConfig({ path: flags.config, cwd, env })
  const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1000
  const manager = new SecretsManager({
    ...configured,
    providers: provider === undefined ? providers : [named(providers, provider)],
    // A user who gives more time gives it to each provider, too.
    policy: timeoutMs === undefined ? policy : { ...policy, timeoutMs },
    timeoutMs: timeoutMs ?? configured.timeoutMs,
    redactor,
  })
  return {
    manager,
    ...(configPath === undefined ? {} : { configPath }),
    signal: timeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutMs),
    [Symbol.asyncDispose]: async () => manager.close(),
  }
}

type GivenProvider = LoadedConfig['providers'][number]

function named(providers: readonly GivenProvider[], name: string): GivenProvider {
  const names = providers.map(one => ('getSecret' in one ? one : one.provider).name)
  const found = providers[names.indexOf(name)]
  if (found !== undefined) return found
  throw new CliError(exitCodes.usage, `There is no provider "${name}".`, `There are: ${names.join(', ') || 'none'}.`)
}
