import type { ProviderEntry } from '../chain/provider-link.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'
import { providerRules } from '../policy/provider-policy.ts'
import { ConfigError } from './config-error.ts'
import type { ConfiguredProvider, SecretsConfig } from './secrets-config.ts'

/** A name of a known provider, or a class of a package. */
const usable = /^(env|file|directory|env-file|aws|vault|[^#\s]+#[A-Za-z_$][\w$]*)$/

const membersOf: Readonly<
  Record<'config' | 'provider' | 'entry' | 'policy' | 'retry' | 'breaker' | 'cache', readonly string[]>
> = {
  config: ['providers', 'policy', 'timeoutMs', 'maxEntries', '$schema'],
  provider: ['use', 'options', 'policy', 'keys'],
  entry: ['provider', 'policy', 'accepts'],
  policy: ['timeoutMs', 'retry', 'breaker', 'cache', 'concurrency', 'onError'],
  retry: ['retries', 'baseMs', 'capMs'],
  breaker: ['failures', 'openFor'],
  cache: ['ttl', 'missTtl', 'staleIfError', 'refreshAhead', 'jitter'],
}

/**
 * `value` as a configuration.
 *
 * @throws {@link ConfigError} that names the first member that is unknown, missing or of a wrong type. No value is quoted.
 */
export function checkConfig(value: unknown, path: string): SecretsConfig {
  const check = new Check(path)
  const config = check.object(value, 'The configuration', 'config')
  check.number(config['timeoutMs'], 'timeoutMs')
  check.number(config['maxEntries'], 'maxEntries')
  checkPolicy(check, config['policy'], 'policy')
  const { providers } = config
  if (providers !== undefined && !Array.isArray(providers)) check.fail('"providers" must be an array.')
  if (Array.isArray(providers)) providers.forEach((one, index) => checkProvider(check, one, `providers[${index}]`))
  return config
}

/** Whether it was made by the configuration itself. */
export function isProvider(value: unknown): value is SecretProvider {
  return typeof value === 'object' && value !== null && 'getSecret' in value && typeof value.getSecret === 'function'
}

/** Whether it is a provider with what is particular to it. */
export function isEntry(value: unknown): value is ProviderEntry {
  return typeof value === 'object' && value !== null && 'provider' in value && isProvider(value.provider)
}

function checkProvider(check: Check, value: unknown, name: string): void {
  if (isProvider(value)) return
  if (isEntry(value)) {
    check.object(value, name, 'entry')
    checkPolicy(check, value.policy, `${name}.policy`)
    return
  }
  const given = check.object(value, name, 'provider')
  const { use, options, keys } = given as Readonly<Record<keyof ConfiguredProvider, unknown>>
  if (typeof use !== 'string' || !usable.test(use)) {
    check.fail(
      `${name}.use must be "env", "file", "directory", "env-file", "aws", "vault", or a package and its class: "@acme/secrets#AcmeProvider".`,
    )
  }
  if (options !== undefined) check.object(options, `${name}.options`)
  if (keys !== undefined && !isTexts(keys)) check.fail(`${name}.keys must be an array of strings.`)
  checkPolicy(check, given['policy'], `${name}.policy`)
}

function checkPolicy(check: Check, value: unknown, name: string): void {
  if (value === undefined) return
  const policy = check.object(value, name, 'policy')
  for (const part of ['retry', 'breaker', 'cache'] as const) {
    const rules = policy[part]
    if (rules !== undefined && rules !== false) check.object(rules, `${name}.${part}`, part)
  }
  try {
    providerRules(policy)
  } catch (error) {
    // The core's own words, which name the option and quote nothing.
    check.fail(`${name}: ${error instanceof Error ? error.message.replace(/^policy[:.] ?/, '') : 'it cannot be used.'}`)
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}

class Check {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  fail(message: string): never {
    throw new ConfigError('config_invalid', this.#path, { message })
  }

  /** An object, with known members only where `shape` says which. */
  object(value: unknown, name: string, shape?: keyof typeof membersOf): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail(`${name} must be an object.`)
    const known = shape === undefined ? Object.keys(value) : membersOf[shape]
    const unknown = Object.keys(value).find(member => !known.includes(member))
    if (unknown !== undefined) {
      this.fail(`${name} has an unknown member ${JSON.stringify(unknown)}. Known: ${known.join(', ')}.`)
    }
    // It is an object, whose members are looked at one by one.
    return value as Readonly<Record<string, unknown>>
  }

  number(value: unknown, name: string): void {
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value > 0)) return
    this.fail(`"${name}" must be a number above 0.`)
  }
}
