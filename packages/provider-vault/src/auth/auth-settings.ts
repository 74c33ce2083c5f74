import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SecretError } from '@st/secrets-core/provider'
import { pathProblem } from '../vault-path.ts'
import type { Credential, VaultAuth } from './auth-options.ts'
import { isToken } from './vault-token.ts'

/** Options that say how the provider gets its token. */
export interface AuthSource {
  /** How to log in. Not together with `token`. */
  readonly auth?: VaultAuth | undefined
  /** Token. */
  readonly token?: string | undefined
}

/** Members that each method cannot do without. */
const requiredMembers: Readonly<Record<VaultAuth['method'], readonly string[]>> = {
  token: ['token'],
  approle: ['roleId'],
  kubernetes: ['role'],
  jwt: ['jwt'],
  userpass: ['username', 'password'],
  ldap: ['username', 'password'],
  cert: [],
}
const tokenProblem = 'has a space, a line break or a character that no token has'

/**
 * Checks what the caller gave.
 *
 * @throws TypeError naming the option, never its value.
 */
export function checkAuth({ auth, token }: AuthSource): void {
  if (token && !isToken(token)) throw new TypeError(`Option token ${tokenProblem}.`)
  if (auth === undefined) return
  if (token) throw new TypeError('Options auth and token cannot both be given.')
  const problem = authProblem(auth)
  if (problem !== undefined) throw new TypeError(`Option auth${problem}.`)
}

/** Whether there is a way to get a token. Nothing is asked; a token file must be there. */
export function isAuthConfigured(source: AuthSource): boolean {
  const auth = authOf(source)
  return auth !== undefined && (auth.method !== 'token' || isThere(auth.token))
}

/**
 * How to get a token: the options, `VAULT_TOKEN`, the file that `VAULT_TOKEN_FILE` names, `~/.vault-token`.
 *
 * @throws SecretError `not_configured` when there is none of it, or `VAULT_TOKEN` cannot be a token.
 */
export function resolveAuth(source: AuthSource, provider: string): VaultAuth {
  const auth = authOf(source)
  if (auth === undefined) {
    const hint = 'Pass token or auth, or set VAULT_TOKEN or VAULT_TOKEN_FILE.'
    throw new SecretError('not_configured', 'No Vault token is given.', { provider, hint })
  }
  if (!source.auth && auth.method === 'token' && typeof auth.token === 'string' && !isToken(auth.token)) {
    throw new SecretError('not_configured', `Variable VAULT_TOKEN ${tokenProblem}.`, { provider })
  }
  return auth
}

function authOf({ auth, token }: AuthSource): VaultAuth | undefined {
  const { VAULT_TOKEN, VAULT_TOKEN_FILE } = process.env
  if (auth) return auth
  const text = token || VAULT_TOKEN
  if (text) return { method: 'token', token: text }
  if (VAULT_TOKEN_FILE) return { method: 'token', token: { path: VAULT_TOKEN_FILE } }
  const path = join(homedir(), '.vault-token')
  return existsSync(path) ? { method: 'token', token: { path } } : undefined
}

function isThere(credential: Credential): boolean {
  return typeof credential !== 'object' || existsSync(credential.path)
}

/** What is wrong, as the end of a sentence that begins with `auth`; `undefined` when nothing is. */
function authProblem(auth: VaultAuth): string | undefined {
  const { method } = auth
  if (!Object.hasOwn(requiredMembers, method)) return '.method is none of those that are known'
  const members: readonly (readonly [string, unknown])[] = Object.entries(auth)
  const given = members.filter(([, value]) => value !== undefined && value !== '')
  const absent = requiredMembers[method].find(member => !given.some(([name]) => name === member))
  if (absent !== undefined) return `.${absent} is missing`
  const problems = given.map(([name, value]) => [name, (memberProblems.get(name) ?? textProblem)(value)] as const)
  const [name, problem] = problems.find(([, found]) => found !== undefined) ?? []
  return problem && `.${name} ${problem}`
}

type Check = (value: unknown) => string | undefined

const textProblem: Check = value => (typeof value === 'string' ? undefined : 'must be text')
const booleanProblem: Check = value => (typeof value === 'boolean' ? undefined : 'must be true or false')
const credentialProblem: Check = value => (isCredential(value) ? undefined : 'must be text, a function or { path }')

/** The members that are not plain text. */
const memberProblems = new Map<string, Check>([
  [
    'token',
    value => credentialProblem(value) ?? (typeof value !== 'string' || isToken(value) ? undefined : tokenProblem),
  ],
  ['secretId', credentialProblem],
  ['jwt', credentialProblem],
  ['password', credentialProblem],
  ['unwrap', booleanProblem],
  ['renew', booleanProblem],
  ['mount', value => textProblem(value) ?? pathProblem(String(value))],
  ['username', value => textProblem(value) ?? pathProblem(String(value))],
  ['namespace', value => textProblem(value) ?? namespaceProblem(String(value))],
])

/** It travels in a header. */
function namespaceProblem(value: string): string | undefined {
  return pathProblem(value) ?? (/^\p{ASCII}*$/u.test(value) ? undefined : 'has a character that is not ASCII')
}

function isCredential(value: unknown): value is Credential {
  if (typeof value === 'function') return true
  const text = typeof value === 'object' && value !== null && 'path' in value ? value.path : value
  return typeof text === 'string' && text !== ''
}
