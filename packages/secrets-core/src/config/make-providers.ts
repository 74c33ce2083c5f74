import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProviderEntry } from '../chain/provider-link.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { isEntry, isProvider } from './check-config.ts'
import { ConfigError } from './config-error.ts'
import { keyMatcher } from './key-matcher.ts'
import { type KnownProvider, knownProviders } from './known-providers.ts'
import type { ConfiguredProvider, SecretsConfig } from './secrets-config.ts'

/** Where providers are made. */
export interface ProviderBase {
  /** Packages are looked for from here, and relative paths start here. */
  readonly folder: string
  /** Variables that providers of the environment read. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The configuration file, for messages; absent where there is none. */
  readonly path?: string
}

type GivenProvider = NonNullable<SecretsConfig['providers']>[number]

/**
 * The providers that a configuration names, in its order.
 *
 * @throws {@link ConfigError} for one that is not installed, that refuses its options, or whose name is taken.
 */
export async function makeProviders(
  given: readonly GivenProvider[],
  base: ProviderBase,
): Promise<readonly (SecretProvider | ProviderEntry)[]> {
  const entries: ProviderEntry[] = []
  for (const [index, one] of given.entries()) {
    const entry = await entryOf(one, { ...base, member: `providers[${index}]` })
    const { name } = entry.provider
    const twin = entries.findIndex(({ provider }) => provider.name === name)
    if (twin !== -1) {
      throw invalid(base, `providers[${twin}] and providers[${index}] have the same name "${name}".`, {
        hint: 'Give one of them another: "options": { "name": "…" }.',
      })
    }
    entries.push(entry)
  }
  return entries
}

/** Of a configuration that names none. */
export const standardUses: readonly { readonly use: 'env' | 'file' | 'aws' | 'vault' }[] = [
  { use: 'env' },
  { use: 'file' },
  { use: 'aws' },
  { use: 'vault' },
]

/**
 * Those of {@link standardUses} that are installed. One that a variable names has to be; one that is installed and named by
 * nothing is there all the same, so that `explain` can say so.
 */
export async function standardProviders(
  uses: typeof standardUses,
  base: ProviderBase,
): Promise<readonly SecretProvider[]> {
  const found: SecretProvider[] = []
  for (const { use } of uses) {
    const { variable, packageName } = knownProviders[use]
    const isNamed = variable !== undefined && Boolean(base.env[variable])
    if (!isNamed && locate(packageName, base) === undefined) continue
    const member = isNamed ? `the variable ${variable}` : use
    found.push(await construct({ use }, { ...base, member }))
  }
  return found
}

/** The providers at the beginning that are `env`. */
export function environmentAtStart<T extends GivenProvider>(given: readonly T[]): readonly T[] {
  const end = given.findIndex(one => isProvider(one) || isEntry(one) || one.use !== 'env')
  return end === -1 ? given : given.slice(0, end)
}

type MemberBase = ProviderBase & { readonly member: string }

async function entryOf(given: GivenProvider, base: MemberBase): Promise<ProviderEntry> {
  if (isProvider(given)) return { provider: given }
  if (isEntry(given)) return given
  const { keys, policy } = given
  return {
    provider: await construct(given, base),
    policy,
    ...(keys === undefined ? {} : { accepts: keyMatcher(keys) }),
  }
}

async function construct({ use, options = {} }: ConfiguredProvider, base: MemberBase): Promise<SecretProvider> {
  const known = Object.hasOwn(knownProviders, use) ? knownProviders[use as keyof typeof knownProviders] : undefined
  const [packageName = '', className = ''] = known === undefined ? use.split('#') : [known.packageName, known.className]
  const Provider = await classOf({ packageName, className }, base)
  let made: unknown
  try {
    made = new Provider(known === undefined ? options : preparedOptions(known, options, base))
  } catch (error) {
    throw refused(error, { base, isOurs: known !== undefined })
  }
  if (isProvider(made)) return made
  throw invalid(base, `${base.member}: ${packageName}#${className} is no provider of secrets.`)
}

/** Refuses unknown options, which our classes pass over in silence, and makes paths start at the configuration. */
function preparedOptions(
  known: KnownProvider,
  options: Readonly<Record<string, unknown>>,
  base: MemberBase,
): Readonly<Record<string, unknown>> {
  const unknown = Object.keys(options).find(name => !known.options.includes(name))
  if (unknown !== undefined) {
    throw invalid(
      base,
      `${base.member}.options has an unknown member ${JSON.stringify(unknown)}. Known: ${known.options.join(', ')}.`,
    )
  }
  const path = known.path === undefined ? undefined : options[known.path]
  const isRelative = typeof path === 'string' && path !== '' && !path.startsWith('~')
  return {
    ...(known.options.includes('env') && base.env !== process.env ? { env: base.env } : {}),
    ...options,
    ...(known.path !== undefined && isRelative ? { [known.path]: resolve(base.folder, path) } : {}),
  }
}

async function classOf(
  { packageName, className }: { readonly packageName: string; readonly className: string },
  base: MemberBase,
): Promise<new (options: Readonly<Record<string, unknown>>) => unknown> {
  const file = locate(packageName, base)
  if (file === undefined) {
    throw new ConfigError('config_not_installed', base.path ?? base.folder, {
      message: `${base.member} needs ${packageName}, which is not installed.`,
      hint: `Install it: npm install ${packageName}`,
    })
  }
  // A module namespace is an object of its exports.
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
  const Provider = loaded[className]
  if (typeof Provider !== 'function') {
    throw new ConfigError('config_not_installed', base.path ?? base.folder, {
      message: `${base.member} needs ${className}, which ${packageName} does not export.`,
    })
  }
  // What it gives is looked at.
  return Provider as new (options: Readonly<Record<string, unknown>>) => unknown
}

/** Seen from the configuration, then from here: a program that was installed elsewhere uses the project's packages. */
function locate(packageName: string, { folder }: ProviderBase): string | undefined {
  for (const from of [join(folder, 'st-secrets.config.mjs'), import.meta.url]) {
    try {
      return createRequire(from).resolve(packageName)
    } catch {
      continue
    }
  }
  return undefined
}

/** What our own classes say names the option and quotes nothing; what others say may hold anything. */
function refused(error: unknown, { base, isOurs }: { readonly base: MemberBase; readonly isOurs: boolean }): Error {
  if (ConfigError.isInstance(error)) return error
  const what = error instanceof Error ? error.constructor.name : typeof error
  const why = isOurs && error instanceof Error ? error.message : `its class threw ${what}.`
  return invalid(base, `${base.member}.options cannot be used: ${why}`)
}

function invalid(base: ProviderBase, message: string, { hint }: { readonly hint?: string } = {}): ConfigError {
  return new ConfigError('config_invalid', base.path ?? base.folder, {
    message,
    ...(hint === undefined ? {} : { hint }),
  })
}
