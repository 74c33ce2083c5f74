import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { AgentOptions } from 'node:https'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import type { VaultTlsOptions } from './vault-options.ts'

/** Text that the options or the environment give. */
interface Given {
  /** Option or variable, for errors. */
  readonly source: string
  /** PEM, or a path. */
  readonly value: string
}

/** How a connection is to be secured; the files are not read yet. */
export interface TlsSettings {
  readonly ca: Given | undefined
  /** Folder of authorities. */
  readonly caFolder: string | undefined
  readonly cert: Given | undefined
  readonly key: Given | undefined
  readonly serverName: string | undefined
  readonly verifies: boolean
}

/** The options, completed from the environment as it is now. */
export function resolveTls(options: VaultTlsOptions = {}): TlsSettings {
  const { VAULT_CAPATH, VAULT_TLS_SERVER_NAME, VAULT_SKIP_VERIFY } = process.env
  const ca = given('ca', options.ca, 'VAULT_CACERT')
  return {
    ca,
    caFolder: ca ? undefined : VAULT_CAPATH || undefined,
    cert: given('cert', options.cert, 'VAULT_CLIENT_CERT'),
    key: given('key', options.key, 'VAULT_CLIENT_KEY'),
    serverName: options.serverName || VAULT_TLS_SERVER_NAME || undefined,
    // Anything else, `false` and `0` included, leaves verification on; node-vault switches it off for any text.
    verifies: !(options.insecureSkipVerify ?? (VAULT_SKIP_VERIFY === 'true' || VAULT_SKIP_VERIFY === '1')),
  }
}

/**
 * Reads the files.
 *
 * @throws SecretError `not_configured` naming the option or variable whose text or file cannot be used.
 */
export async function loadTls(settings: TlsSettings, provider: string): Promise<AgentOptions> {
  const { serverName, verifies } = settings
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verifies,
    ...(serverName && { servername: serverName }),
    ...(await trusted(settings, provider)),
    ...(await clientCertificate(settings, provider)),
  }
}

async function trusted({ ca, caFolder }: TlsSettings, provider: string): Promise<AgentOptions> {
  if (ca) return { ca: await usable(ca, provider, checkCertificate) }
  return caFolder ? { ca: await authoritiesIn(caFolder, provider) } : {}
}

async function clientCertificate({ cert, key }: TlsSettings, provider: string): Promise<AgentOptions> {
  if (!cert && !key) return {}
  if (!cert || !key) {
    const hint = 'Give tls.cert and tls.key, or VAULT_CLIENT_CERT and VAULT_CLIENT_KEY.'
    throw new SecretError('not_configured', 'A client certificate and its key are needed together.', { provider, hint })
  }
  const certificate = await usable(cert, provider, checkCertificate)
  const checkKey = (text: string): void => {
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(text))) throw new Error('another key')
  }
  return { cert: certificate, key: await usable(key, provider, checkKey) }
}

/** TLS skips what is no certificate, and trusts nobody then; this throws. */
function checkCertificate(text: string): void {
  void new X509Certificate(text)
}

function given(option: 'ca' | 'cert' | 'key', value: string | undefined, variable: string): Given | undefined {
  if (value) return { source: `tls.${option}`, value }
  const text = process.env[variable]
  return text ? { source: variable, value: text } : undefined
}

async function usable({ source, value }: Given, provider: string, check: (text: string) => void): Promise<string> {
  try {
    const text = isPem(value) ? value : await readFile(value, 'utf8')
    check(text)
    return text
  } catch {
    // What was caught may quote the text.
    throw new SecretError('not_configured', `${source} gives nothing that can be read and used.`, {
      provider,
      hint: `${source} is PEM or the path of a file: a certificate, or the key of the certificate, not encrypted.`,
    })
  }
}

async function authoritiesIn(folder: string, provider: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  const texts = await Promise.all(names.map(async name => readFile(join(folder, name), 'utf8').catch(() => '')))
  const authorities = texts.filter(isPem)
  if (authorities.length > 0) return authorities
  throw new SecretError('not_configured', 'The folder that VAULT_CAPATH names has no certificates.', { provider })
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ')
}
