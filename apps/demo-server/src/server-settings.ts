import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ListenOptions, type ServerCommand, UsageError } from './command-line.ts'
import type { RateLimits } from './http/rate-limits.ts'

/** How the server is reached. */
export interface ServerSettings {
  readonly listen: ListenOptions
  /** What clients may send as `Host` besides the names of this machine; in small letters. */
  readonly allowedHosts: readonly string[]
  /** Addresses or networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies: readonly string[]
  /** Absent: plain HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  readonly rateLimits: RateLimits
  /** Whether webhooks may be sent to this machine and its networks, for development. Default: false. */
  readonly allowsPrivateWebhooks?: boolean | undefined
  /** How long the headers of a request may take to come in, to the second, and then its body. Default: 10,000. */
  readonly requestTimeoutMs?: number | undefined
}

/**
 * Adds what the environment says to what the command line says, and reads the certificate.
 *
 * @throws UsageError for what is none of these; for an address that others reach over plain HTTP.
 */
export function serverSettings(
  { listen, tlsCert, tlsKey }: Pick<ServerCommand, 'listen' | 'tlsCert' | 'tlsKey'>,
  env: Readonly<Record<string, string | undefined>>,
): ServerSettings {
  const settings: ServerSettings = {
    listen,
    allowedHosts: listOf(env, 'ST_ALLOWED_HOSTS').map(host => requireHost(host.toLowerCase())),
    trustedProxies: listOf(env, 'ST_TRUSTED_PROXIES').map(requireNetwork),
    rateLimits: { perMinute: rateOf(env['ST_RATE_LIMIT']) },
    allowsPrivateWebhooks: isSwitchedOn(env, 'ST_ALLOW_PRIVATE_WEBHOOKS'),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { cert: readPem(tlsCert, '--tls-cert'), key: readPem(tlsKey, '--tls-key') } }),
  }
  requirePrivacy(settings)
  return settings
}

/** What others can read on the way must not go over the network. */
function requirePrivacy({ listen, tls, trustedProxies }: ServerSettings): void {
  if (isLoopback(listen.host) || tls !== undefined || trustedProxies.length > 0) return
  throw new UsageError(
    `${listen.host} is reached from other machines: give --tls-cert and --tls-key, or name the proxy that does TLS in ST_TRUSTED_PROXIES.`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function listOf(env: Readonly<Record<string, string | undefined>>, name: string): readonly string[] {
  const text = env[name] ?? ''
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function requireHost(host: string): string {
  if (/^([\p{L}\p{N}.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/u.test(host)) return host
  throw new UsageError(`ST_ALLOWED_HOSTS lists names as clients send them, "example.org" or "example.org:8443".`)
}

function requireNetwork(network: string): string {
  const [address = '', bits = '0', ...more] = network.split('/')
  const version = isIP(address)
  const isNetwork = version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  if (isNetwork && more.length === 0) return network
  throw new UsageError('ST_TRUSTED_PROXIES lists addresses and networks, "10.0.0.1" or "10.0.0.0/8".')
}

function rateOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  const rate = Number(text)
  if (/^\d{1,9}$/.test(text) && rate > 0) return rate
  throw new UsageError('ST_RATE_LIMIT is a whole number: requests a minute from one address.')
}

function isSwitchedOn(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  const text = env[name] ?? ''
  if (text === '' || text === '0' || text === '1') return text === '1'
  throw new UsageError(`${name} is 1 or 0.`)
}

function readPem(path: string, option: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UsageError(`${option} cannot be read (${code}): ${path}.`)
  }
}
