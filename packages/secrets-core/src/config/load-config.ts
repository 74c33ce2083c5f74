import { dirname, resolve } from 'node:path'
import type { SecretsManagerOptions } from '../manager/manager-options.ts'
import { checkConfig } from './check-config.ts'
import { findConfig } from './find-config.ts'
import { environmentAtStart, makeProviders, standardProviders, standardUses } from './make-providers.ts'
import { readConfig } from './read-config.ts'

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /**
   * The file; relative to `cwd`. Default: the variable `ST_SECRETS_CONFIG`, else `st-secrets.config.ts`, `.mjs` or
   * `.json` in `cwd`, whichever there is. Folders above are not looked at: others may be able to write there.
   */
  readonly path?: string | undefined
  /** Where to look. Default: the process's folder. */
  readonly cwd?: string | undefined
  /** Variables that are looked at. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /**
   * Makes only the providers at the beginning of the chain that are `env`, and loads no other package: what they answer is
   * what the whole chain answers, for a program that starts often and mostly finds its keys there. Default: `false`.
   */
  readonly environmentOnly?: boolean | undefined
}

/** What `new SecretsManager` takes. */
export interface LoadedConfig extends Pick<SecretsManagerOptions, 'policy' | 'timeoutMs' | 'maxEntries'> {
  /** In the order in which they are asked; nobody has asked them yet. */
  readonly providers: NonNullable<SecretsManagerOptions['providers']>
  /** File that it was read from; absent when there is none, and the providers are the standard ones. */
  readonly configPath?: string
}

/**
 * Reads the configuration file that the command line and applications share.
 *
 * A module is loaded by Node, TypeScript by its own type stripping; it is run, and kept for the life of the process.
 * Packages of providers are looked for from the file's folder, then from this package. Only those that the configuration
 * names are loaded; the constructors do no input or output.
 *
 * @returns Options for a `SecretsManager`. Without a file: the standard chain.
 * @throws {@link ConfigError} that names the file, and in it the member.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { cwd = process.cwd(), env = process.env } = options
  const found = findConfig({ path: options.path ?? (env['ST_SECRETS_CONFIG'] || undefined), cwd: resolve(cwd) })
  if (found === undefined) {
    const uses = options.environmentOnly === true ? environmentAtStart(standardUses) : standardUses
    return { providers: await standardProviders(uses, { folder: resolve(cwd), env }) }
  }
  const { providers, policy, timeoutMs, maxEntries } = checkConfig(await readConfig(found), found)
  const base = { folder: dirname(found), env, path: found }
  const wanted = <T extends NonNullable<typeof providers>[number]>(all: readonly T[]): readonly T[] =>
    options.environmentOnly === true ? environmentAtStart(all) : all
  return {
    providers: await (providers === undefined
      ? standardProviders(wanted(standardUses), base)
      : makeProviders(wanted(providers), base)),
    policy,
    timeoutMs,
    maxEntries,
    configPath: found,
  }
}
