import { SecretError } from '@st/secrets-core/provider'
import type { VaultAuth } from './auth/auth-options.ts'
import { checkAuth, isAuthConfigured, resolveAuth } from './auth/auth-settings.ts'
import { resolveTls, type TlsSettings } from './tls-settings.ts'
import type { HashiCorpVaultProviderOptions } from './vault-options.ts'
import { pathProblem, trimSlashes } from './vault-path.ts'

/** Where the secret is, checked. */
export interface SecretPlace {
  /** Without slashes at its ends, as `path`. */
  readonly mountPoint: string
  readonly path: string
  readonly kvVersion: 1 | 2 | 'auto'
}

/** How a client of our own gets to the server, checked. */
export interface ServerSettings {
  /** Origin and path, without a slash at the end. */
  readonly url: string
  readonly namespace: string | undefined
  readonly auth: VaultAuth
  readonly tls: TlsSettings
}

/** Options and environment together, as they are at one time. */
export interface VaultSettings {
  readonly place: SecretPlace
  /** `undefined` with a client of the caller's. */
  readonly server: ServerSettings | undefined
}

type TextOption = 'url' | 'path' | 'mountPoint' | 'namespace'

const variables: Readonly<Record<TextOption, string>> = {
  url: 'VAULT_ADDR',
  path: 'SIMPLETUNER_VAULT_PATH',
  mountPoint: 'SIMPLETUNER_VAULT_MOUNT',
  namespace: 'VAULT_NAMESPACE',
}

const problems: Readonly<Record<TextOption, (value: string) => string | undefined>> = {
  url: urlProblem,
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
  checkAuth(options)
  if (![undefined, 1, 2, 'auto'].includes(options.kvVersion)) throw new TypeError("kvVersion must be 1, 2 or 'auto'.")
  if (options.redirectOrigins?.every(isOrigin) === false) {
    throw new TypeError('redirectOrigins must be origins, such as https://vault-2:8200.')
  }
  const useless = options.client && (['url', 'token', 'auth', 'agent', 'tls'] as const).find(option => options[option])
  if (useless) throw new TypeError(`Option ${useless} has no effect with client: leave it out.`)
}

/** Whether there is a client, or an address and a way to get a token. Nothing is asked. */
export function isConfigured(options: HashiCorpVaultProviderOptions): boolean {
  return options.client !== undefined || (valueOf(options, 'url') !== undefined && isAuthConfigured(options))
}

/**
 * The options, completed from the environment as it is now.
 *
 * @throws SecretError `not_configured` when the address or the token is missing or a variable cannot be used.
 */
export function resolveSettings(options: HashiCorpVaultProviderOptions, provider: string): VaultSettings {
  const text = (option: TextOption): string | undefined => checkedValue(options, option, provider)
  const place = {
    mountPoint: trimSlashes(text('mountPoint') ?? 'secret'),
    path: trimSlashes(text('path') ?? 'simpletuner'),
    kvVersion: options.kvVersion ?? 'auto',
  }
  if (options.client) return { place, server: undefined }
  const url = text('url')
  if (url === undefined) {
    const hint = 'Pass url or set VAULT_ADDR.'
    throw new SecretError('not_configured', 'No Vault address is given.', { provider, hint })
  }
  const auth = resolveAuth(options, provider)
  return { place, server: { url: normalizeUrl(url), namespace: text('namespace'), auth, tls: resolveTls(options.tls) } }
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

function urlProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return 'is no URL'
  const { protocol, username, password, search, hash } = new URL(value)
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://'
  return username || password || search || hash ? 'must not have credentials, a query or a fragment' : undefined
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}

/** It travels in a header. */
function namespaceProblem(value: string): string | undefined {
  return pathProblem(value) ?? (/^\p{ASCII}*$/u.test(value) ? undefined : 'has a character that is not ASCII')
}

function normalizeUrl(value: string): string {
  const { origin, pathname } = new URL(value)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}
