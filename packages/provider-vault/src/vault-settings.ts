import { SecretError } from '@st/secrets-core/provider'
import { pathProblem, trimSlashes } from './vault-path.ts'

/** Options of {@link HashiCorpVaultProvider}. Empty text counts as not given. */
export interface HashiCorpVaultProviderOptions {
  /** Address of the server, such as `https://vault.internal:8200`. Default: `VAULT_ADDR`. */
  readonly url?: string | undefined
  /** Token. Default: `VAULT_TOKEN`. It is sent to the address and nowhere else. */
  readonly token?: string | undefined
  /** Path of the secret inside the mount. Default: `SIMPLETUNER_VAULT_PATH`, then `'simpletuner'`. */
  readonly path?: string | undefined
  /** Mount of the KV engine; may have slashes. Default: `SIMPLETUNER_VAULT_MOUNT`, then `'secret'`. */
  readonly mountPoint?: string | undefined
  /** Namespace of Vault Enterprise, HCP or OpenBao. Default: `VAULT_NAMESPACE`, then none. */
  readonly namespace?: string | undefined
  /** Version of the KV engine; `'auto'` asks the server which it is, once. Default: `'auto'`. */
  readonly kvVersion?: 1 | 2 | 'auto' | undefined
  /** Name in traces and errors. Default: `'vault'`. */
  readonly name?: string | undefined
}

/** Where the secret is and how to get to it, checked. */
export interface VaultSettings {
  /** Origin and path, without a slash at the end. */
  readonly url: string
  readonly token: string
  readonly namespace: string | undefined
  /** Without slashes at its ends, as `path`. */
  readonly mountPoint: string
  readonly path: string
  readonly kvVersion: 1 | 2 | 'auto'
  readonly verifiesTls: boolean
  /** File of the authorities to trust in place of Node's. */
  readonly caCertificatePath: string | undefined
}

type TextOption = 'url' | 'token' | 'path' | 'mountPoint' | 'namespace'

const variables: Readonly<Record<TextOption, string>> = {
  url: 'VAULT_ADDR',
  token: 'VAULT_TOKEN',
  path: 'SIMPLETUNER_VAULT_PATH',
  mountPoint: 'SIMPLETUNER_VAULT_MOUNT',
  namespace: 'VAULT_NAMESPACE',
}

const problems: Readonly<Record<TextOption, (value: string) => string | undefined>> = {
  url: urlProblem,
  token: tokenProblem,
  path: pathProblem,
  mountPoint: pathProblem,
  namespace: namespaceProblem,
}

// The keys of a record that is typed by these names are these names.
const textOptions = Object.keys(variables) as readonly TextOption[]

/**
 * Checks what the caller gave.
 *
 * @throws TypeError naming the option, never its value.
 */
export function checkOptions(options: HashiCorpVaultProviderOptions): void {
  for (const option of textOptions) {
    const value = options[option]
    const problem = value ? problems[option](value) : undefined
    if (problem !== undefined) throw new TypeError(`Option ${option} ${problem}.`)
  }
  if (![undefined, 1, 2, 'auto'].includes(options.kvVersion)) throw new TypeError("kvVersion must be 1, 2 or 'auto'.")
}

/** Whether address and token are given. */
export function isConfigured(options: HashiCorpVaultProviderOptions): boolean {
  return valueOf(options, 'url') !== undefined && valueOf(options, 'token') !== undefined
}

/**
 * The options, completed from the environment as it is now.
 *
 * @throws SecretError `not_configured` when the address or the token is missing or a variable cannot be used.
 */
export function resolveSettings(options: HashiCorpVaultProviderOptions, provider: string): VaultSettings {
  const { VAULT_SKIP_VERIFY, VAULT_CACERT } = process.env
  const text = (option: TextOption): string | undefined => checkedValue(options, option, provider)
  return {
    url: normalizeUrl(text('url') ?? missing('url', provider)),
    token: text('token') ?? missing('token', provider),
    namespace: text('namespace'),
    mountPoint: trimSlashes(text('mountPoint') ?? 'secret'),
    path: trimSlashes(text('path') ?? 'simpletuner'),
    kvVersion: options.kvVersion ?? 'auto',
    // Anything else, `false` and `0` included, leaves verification on; node-vault switches it off for any text.
    verifiesTls: VAULT_SKIP_VERIFY !== 'true' && VAULT_SKIP_VERIFY !== '1',
    caCertificatePath: VAULT_CACERT || undefined,
  }
}

function valueOf(options: HashiCorpVaultProviderOptions, option: TextOption): string | undefined {
  return options[option] || process.env[variables[option]] || undefined
}

function checkedValue(
  options: HashiCorpVaultProviderOptions,
  option: TextOption,
  provider: string,
): string | undefined {
  const value = valueOf(options, option)
  const problem = value === undefined ? undefined : problems[option](value)
  if (problem === undefined) return value
  const source = options[option] ? `Option ${option}` : `Variable ${variables[option]}`
  throw new SecretError('not_configured', `${source} ${problem}.`, { provider })
}

function missing(option: 'url' | 'token', provider: string): never {
  const what = option === 'url' ? 'address' : 'token'
  const hint = `Pass ${option} or set ${variables[option]}.`
  throw new SecretError('not_configured', `No Vault ${what} is given.`, { provider, hint })
}

function urlProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return 'is no URL'
  const { protocol, username, password, search, hash } = new URL(value)
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://'
  return username || password || search || hash ? 'must not have credentials, a query or a fragment' : undefined
}

/** It travels in a header. */
function namespaceProblem(value: string): string | undefined {
  return pathProblem(value) ?? (/^\p{ASCII}*$/u.test(value) ? undefined : 'has a character that is not ASCII')
}

function tokenProblem(value: string): string | undefined {
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'has a space, a line break or a character that no token has'
}

function normalizeUrl(value: string): string {
  const { origin, pathname } = new URL(value)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}
