import { SecretError } from '../contract/secret-error.ts'
import type { SecretProvider } from '../contract/secret-provider.ts'

/** Settings of the standard chain environment > file > AWS > Vault. An unknown key is a `TypeError`. */
export interface StandardChainConfig {
  /** Put before the normalised key of environment variables, with an underscore. Default: none. */
  readonly envPrefix?: string | undefined
  /** JSON or YAML file. Default: the first of `~/.simpletuner/secrets.{json,yaml,yml}`. */
  readonly filePath?: string | undefined
  /** Name or ARN of the AWS secret. Default: `SIMPLETUNER_AWS_SECRET_NAME`; without either AWS is not asked. */
  readonly awsSecretName?: string | undefined
  /** AWS region. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`. */
  readonly awsRegion?: string | undefined
  /** Address of the Vault server. Default: `VAULT_ADDR`; without either Vault is not asked. */
  readonly vaultUrl?: string | undefined
  /** Vault token. Default: `VAULT_TOKEN`. */
  readonly vaultToken?: string | undefined
  /** Path of the secret inside the mount. Default: `SIMPLETUNER_VAULT_PATH`, then `simpletuner`. */
  readonly vaultPath?: string | undefined
  /** KV mount. Default: `SIMPLETUNER_VAULT_MOUNT`, then `secret`. */
  readonly vaultMountPoint?: string | undefined
}

/** How one provider of the standard chain is made. */
interface StandardProvider {
  readonly packageName: string
  readonly className: string
  /** Our setting → the provider's option. */
  readonly options: Partial<Record<keyof StandardChainConfig, string>>
  /** A variable that names this provider as much as an option does. */
  readonly variable?: string
}

const standardProviders: readonly StandardProvider[] = [
  { packageName: '@st/provider-env', className: 'EnvironmentSecretProvider', options: { envPrefix: 'prefix' } },
  { packageName: '@st/provider-file', className: 'FileSecretProvider', options: { filePath: 'filePath' } },
  {
    packageName: '@st/provider-aws',
    className: 'AWSSecretsManagerProvider',
    options: { awsSecretName: 'secretName', awsRegion: 'regionName' },
    variable: 'SIMPLETUNER_AWS_SECRET_NAME',
  },
  {
    packageName: '@st/provider-vault',
    className: 'HashiCorpVaultProvider',
    options: { vaultUrl: 'url', vaultToken: 'token', vaultPath: 'path', vaultMountPoint: 'mountPoint' },
    variable: 'VAULT_ADDR',
  },
]

/**
 * The standard chain, from the `@st/provider-*` packages that are installed. One that is not is left out, unless an
 * option or variable names it.
 *
 * @throws TypeError for an unknown setting or one that is no string.
 * @throws SecretError `not_configured` for a provider that is named and not installed.
 */
export function standardChain(config: StandardChainConfig): readonly SecretProvider[] {
  checkConfig(config)
  return standardProviders.flatMap(standard => makeProvider(standard, config) ?? [])
}

function checkConfig(config: StandardChainConfig): void {
  const known = standardProviders.flatMap(({ options }) => Object.keys(options))
  for (const [name, value] of Object.entries(config)) {
    if (!known.includes(name)) throw new TypeError(`Unknown setting "${name}" in config. Known: ${known.join(', ')}.`)
    if (value !== undefined && typeof value !== 'string') throw new TypeError(`config.${name} must be a string.`)
  }
}

function makeProvider(standard: StandardProvider, config: StandardChainConfig): SecretProvider | undefined {
  const { className, packageName } = standard
  const options = Object.entries(standard.options).map(([setting, option]) => [option, setting] as const)
  // `checkConfig` has shown that every setting is a string or undefined.
  const settings = config as Readonly<Record<string, string | undefined>>
  const given = options.filter(([, setting]) => settings[setting] !== undefined)
  const loaded = load(packageName)
  if (loaded === undefined) {
    const namedBy = given.map(([, setting]) => `config.${setting}`)[0] ?? namedByVariable(standard)
    if (namedBy !== undefined) throw notInstalled(standard, namedBy)
    return undefined
  }
  const Provider = loaded[className]
  if (typeof Provider !== 'function') throw new TypeError(`${packageName} does not export ${className}.`)
  // The provider packages' exports are fixed names; each class takes an object of optional strings.
  const constructor = Provider as new (options: Readonly<Record<string, string | undefined>>) => SecretProvider
  return new constructor(Object.fromEntries(given.map(([option, setting]) => [option, settings[setting]])))
}

/**
 * `require` rather than `import()`, because `providers` and `getSync` work at once; it reads ES modules from Node 22.18
 * on. Bundlers cannot follow it: there one passes `providers`.
 */
function load(packageName: string): Readonly<Record<string, unknown>> | undefined {
  // Loaded when it is needed, because it would take a tenth of the time that this package takes to load.
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
  try {
    require.resolve(packageName)
  } catch {
    return undefined
  }
  // A module namespace is an object of its exports.
  return require(packageName) as Readonly<Record<string, unknown>>
}

function namedByVariable({ variable }: StandardProvider): string | undefined {
  return variable !== undefined && process.env[variable] ? `the variable ${variable}` : undefined
}

function notInstalled({ packageName }: StandardProvider, namedBy: string): SecretError {
  const provider = packageName.replace('@st/provider-', '')
  return new SecretError('not_configured', `Provider "${provider}" is named by ${namedBy} and is not installed.`, {
    provider,
    hint: `Install it: npm install ${packageName}`,
  })
}
