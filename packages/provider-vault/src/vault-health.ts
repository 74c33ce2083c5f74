import { stat } from 'node:fs/promises'
import { type Finding, type ProviderHealth, SecretError } from '@st/secrets-core/provider'
import { dataOf, isObject, type VaultAnswer } from './vault-answer.ts'
import type { VaultConnection } from './vault-connection.ts'
import { answerFailure, refusesToken, shapeFailure } from './vault-failure.ts'
import type { VaultSession } from './vault-session.ts'
import type { ServerSettings } from './vault-settings.ts'

type Note = readonly [severity: Finding['severity'], id: string, message: string, fix?: string | undefined]

/** What is asked for one after the other, and what failed of it. */
interface Examination {
  readonly notes: Note[]
  readonly failures: SecretError[]
}

/** Seconds by which a clock may be wrong without a word; JWT and Kubernetes logins tolerate 60. */
const tolerableSkew = 60

/** Seconds of life below which a token that nobody renews is worth a word. */
const shortLife = 86_400

/**
 * What can be said of Vault from here, with what is to be done about it: `sys/health`, the token's own look-up and one
 * read of the secret.
 *
 * @param use - Gives the session.
 */
export async function checkVaultHealth(
  use: (work: (session: VaultSession) => Promise<ProviderHealth>) => Promise<ProviderHealth>,
  signal: AbortSignal,
): Promise<ProviderHealth> {
  const examination: Examination = { notes: [], failures: [] }
  try {
    return await use(async session => {
      const startedAt = performance.now()
      await examine(examination, serverNotes(session.connection, signal))
      const latencyMs = performance.now() - startedAt
      // Who cannot reach the server, or finds it sealed, learns no more from a token and a secret.
      if (examination.failures.length === 0) {
        await examine(examination, secretNotes(session, signal))
        if (!examination.failures.some(saysEnough)) await examine(examination, tokenNotes(session.connection, signal))
      }
      await examine(examination, settingNotes(session))
      return healthOf(examination, latencyMs)
    })
  } catch (error) {
    // Settings that cannot be used.
    await examine(examination, Promise.reject(error))
    return healthOf(examination)
  }
}

/** Whether a failure to read the secret leaves nothing to ask about the token. */
function saysEnough({ kind, transient }: SecretError): boolean {
  return transient || kind === 'unauthenticated'
}

async function examine({ notes, failures }: Examination, found: Promise<readonly Note[]>): Promise<void> {
  try {
    notes.push(...(await found))
  } catch (error) {
    if (!SecretError.isInstance(error)) throw error
    failures.push(error)
    const fix = error.hint ?? 'Check the options and variables that the message names.'
    notes.push(['error', error.detail ?? error.kind, error.message, fix])
  }
}

function healthOf({ notes, failures }: Examination, latencyMs?: number): ProviderHealth {
  const findings = (['error', 'warning', 'info'] as const).flatMap(severity =>
    notes
      .filter(note => note[0] === severity)
      .map(([, id, message, fix]) => ({ id: `vault.${id}`, severity, message, fix })),
  )
  const kind = failures[0]?.kind
  if (kind === 'not_configured' && latencyMs === undefined) return { status: kind, findings }
  if (kind) return { status: 'failed', kind, latencyMs, findings }
  return { status: findings[0]?.severity === 'warning' ? 'degraded' : 'ready', latencyMs, findings }
}

/** What `sys/health` says by its status; other statuses are failures. */
const serverStates: ReadonlyMap<number, string> = new Map([
  [200, 'is unsealed and active'],
  [429, 'is unsealed and a standby, which passes requests on'],
  [473, 'is unsealed and a performance standby'],
])

async function serverNotes({ client, provider }: VaultConnection, signal: AbortSignal): Promise<readonly Note[]> {
  const path = 'sys/health'
  const sentAt = Date.now()
  // Only the root namespace answers it, without a token.
  const answer = await client.call({ method: 'GET', path, namespace: '', signal })
  if (isHidden(answer)) {
    return [['info', 'server', 'The server does not tell how it is.', 'Let sys/health be asked without a token.']]
  }
  const state = stateOf(answer)
  if (state === undefined) throw answerFailure(asElsewhere(answer), { provider, path })
  return [
    ['info', 'server', `The server ${state}. Version: ${versionOf(answer.body)}.`],
    ...clockNotes(answer, (sentAt + Date.now()) / 2),
  ]
}

/** Whether something stands in between that does not pass the question on. */
function isHidden({ status, body }: VaultAnswer): boolean {
  return status >= 400 && status < 429 && isObject(body)
}

/** What a server that can be used is doing. */
function stateOf({ status, body }: VaultAnswer): string | undefined {
  // A rate limit has the status of a standby and not its body.
  const isLimited = status === 429 && dataMember(body, 'standby') !== true
  return isLimited || !isObject(body) ? undefined : serverStates.get(status)
}

/** A sealed server says so here in other words than elsewhere. */
function asElsewhere(answer: VaultAnswer): VaultAnswer {
  const isSealed = answer.status === 503 && dataMember(answer.body, 'sealed') === true
  return isSealed ? { ...answer, body: { errors: ['Vault is sealed'] } } : answer
}

function clockNotes({ date, body }: VaultAnswer, now: number): readonly Note[] {
  const told = date === undefined ? Number(dataMember(body, 'server_time_utc')) * 1000 : Date.parse(date)
  const skew = Math.round((told - now) / 1000)
  if (Number.isNaN(skew) || Math.abs(skew) <= tolerableSkew) return []
  const message = `The clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead of'} that of the server.`
  return [['warning', 'clock', message, 'Set it: signed tokens are refused by it, and leases end unexpectedly.']]
}

async function secretNotes({ reader }: VaultSession, signal: AbortSignal): Promise<readonly Note[]> {
  const document = await reader.read({}, signal)
  const location = await reader.locate(signal)
  const subject = `Path "${document?.locator ?? reader.path}"`
  const engine = location ? ` of KV version ${location.version}` : ''
  if (document === undefined) {
    return [['warning', 'missing', `${subject}${engine} holds nothing.`, 'Store it, or check path and mountPoint.']]
  }
  const { detail, values, unusable = new Map(), version } = document
  if (detail) {
    const fix = detail === 'deleted' ? 'Restore it with `vault kv undelete`, or store it anew.' : 'Store it anew.'
    return [['warning', detail, `The newest version of ${subject}${engine} is ${detail}.`, fix]]
  }
  const keys = `Keys: ${values.size + unusable.size}.`
  const held: Note = [
    'info',
    'secret',
    `${subject}${engine} is there. ${keys}${version ? ` Version: ${version}.` : ''}`,
  ]
  if (unusable.size === 0) return [held]
  const message = `${subject} holds no strings as "${[...unusable.keys()].join('", "')}".`
  return [held, ['warning', 'not_strings', message, 'Store each value as a string.']]
}

async function tokenNotes(connection: VaultConnection, signal: AbortSignal): Promise<readonly Note[]> {
  const { answer, request } = await connection.ask({ path: 'auth/token/lookup-self', signal })
  if (answer.status === 403 && !refusesToken(answer)) {
    const fix = 'Give it the policy "default" (`auth/token/lookup-self`, `auth/token/renew-self`).'
    return [['info', 'token', 'The token may not look itself up.', fix], ...renewalNotes(connection)]
  }
  if (answer.status !== 200) throw answerFailure(answer, request)
  const life = lifeOf(answer)
  if (!life) throw shapeFailure(answer, request)
  return [['info', 'token', describeLife(life)], ...lifeNotes(life, connection), ...renewalNotes(connection)]
}

interface TokenLife {
  /** 0: for ever. */
  readonly seconds: number
  /** 0: any number. */
  readonly uses: number
  readonly isRenewable: boolean
  readonly isOrphan: boolean
  readonly policies: readonly string[]
}

function lifeOf(answer: VaultAnswer): TokenLife | undefined {
  const [seconds, uses] = [Number(dataOf(answer, 'ttl')), Number(dataOf(answer, 'num_uses') ?? 0)]
  const policies = dataOf(answer, 'policies')
  if (Number.isNaN(seconds) || !Array.isArray(policies)) return undefined
  return {
    seconds,
    uses,
    isRenewable: dataOf(answer, 'renewable') === true,
    isOrphan: dataOf(answer, 'orphan') === true,
    policies: policies.filter(name => typeof name === 'string' && isPlain(name)),
  }
}

function describeLife({ seconds, uses, isRenewable, isOrphan, policies }: TokenLife): string {
  const life = seconds === 0 ? 'never expires' : `expires in ${seconds} s`
  const traits = `${isRenewable ? '' : 'not '}renewable, ${isOrphan ? '' : 'not '}an orphan`
  const limit = uses > 0 ? ` Uses left: ${uses}.` : ''
  return `The token ${life}; it is ${traits}. Policies: ${policies.join(', ')}.${limit}`
}

function lifeNotes({ seconds, isRenewable, policies }: TokenLife, { tokens }: VaultConnection): readonly Note[] {
  if (policies.includes('root')) {
    const fix = 'Use a token whose policy allows no more than reading this path.'
    return [['warning', 'root_token', 'The token may do everything.', fix]]
  }
  if (tokens?.facts().isFromLogin) return []
  if (seconds === 0) return [['warning', 'token_ttl', 'The token never expires.', 'Use one that does, or a login.']]
  if (isRenewable || seconds > shortLife) return []
  const message = `The token expires in ${seconds} s and cannot be renewed.`
  return [['warning', 'token_ttl', message, 'Use a renewable token, a token file that is kept up to date, or a login.']]
}

function renewalNotes({ tokens }: VaultConnection): readonly Note[] {
  const renewal = tokens?.facts().renewal
  if (renewal === 'denied') {
    const fix = 'Give it the policy "default" (`auth/token/renew-self`).'
    return [['warning', 'renewal', 'The token may not renew itself.', fix]]
  }
  if (renewal !== 'failing') return []
  const fix = 'Look at the log of the server, and of what stands between.'
  return [['warning', 'renewal', 'The server does not renew the token.', fix]]
}

async function settingNotes({ settings, connection }: VaultSession): Promise<readonly Note[]> {
  const { server } = settings
  const file = connection.tokens?.facts().tokenFile
  return [...(server ? transportNotes(server) : []), ...(file === undefined ? [] : await tokenFileNotes(file))]
}

function transportNotes({ url, tls }: ServerSettings): readonly Note[] {
  if (url.startsWith('https:')) {
    const fix = 'Leave out VAULT_SKIP_VERIFY and insecureSkipVerify, and set VAULT_CACERT.'
    return tls.verifies ? [] : [['warning', 'tls_unverified', 'Any certificate of the server is accepted.', fix]]
  }
  if (/^http:\/\/(localhost|127\.|\[::1\])/i.test(url)) return []
  return [['warning', 'unencrypted', `To ${url} the token and secrets travel unencrypted.`, 'Use an https address.']]
}

async function tokenFileNotes(path: string): Promise<readonly Note[]> {
  const mode = await stat(path).then(
    ({ mode: bits }) => bits & 0o777,
    () => 0,
  )
  // Windows has no such modes.
  if ((mode & 0o077) === 0 || process.platform === 'win32') return []
  const message = `Others than its owner may use the token file ${path} (mode ${mode.toString(8)}).`
  return [['warning', 'token_file_mode', message, `chmod 600 ${path}`]]
}

function dataMember(body: unknown, name: string): unknown {
  return isObject(body) ? body[name] : undefined
}

function versionOf(body: unknown): string {
  const version = dataMember(body, 'version')
  return typeof version === 'string' && isPlain(version) ? version : 'unknown'
}

/** Only what looks like a name or a version is repeated. */
function isPlain(text: string): boolean {
  return /^[\w./+-]{1,80}$/.test(text)
}
