import {
  KeyValueEngine,
  type LoopbackServer,
  type LoopbackServerOptions,
  type ReceivedRequest,
  startFakeLoginVault,
} from '@st/test-servers'
import type { HashiCorpVaultProviderOptions } from '../vault-options.ts'
import type { HashiCorpVaultProvider } from '../vault-provider.ts'
import { type FaultRow, faultRows, heldValue } from './fault-rows.ts'

/** The token of the ways that do not log in. */
export const token = 's.fault-canary-token'
/** The secret id of the one that does. */
export const secretId = 'fault-canary-secret-id'
/** What is written. */
export const newValue = 'fault-canary-new-value'
const roleId = 'role'

/** A server that has the secret and lets one in. */
export async function holding(version: 1 | 2, options?: LoopbackServerOptions): Promise<LoopbackServer> {
  const vault = await startFakeLoginVault({ token, ...options })
  vault.allow('approle', { body: { role_id: roleId, secret_id: secretId } })
  if (version === 1) vault.mount('secret', new KeyValueEngine())
  vault.put('secret', 'simpletuner', { HELD_KEY: heldValue })
  return vault
}

/** One request that the provider makes. */
export interface Way {
  readonly version: 1 | 2
  readonly options: HashiCorpVaultProviderOptions
  /** Which requests go wrong. Default: all. */
  readonly isFaulty?: (request: ReceivedRequest) => boolean
  /** Default: a read. */
  readonly isWrite?: boolean
  /** The answer has no body. */
  readonly hasNoBody?: boolean
}

const isRead = ({ path }: ReceivedRequest): boolean => path.startsWith('/v1/secret/')
const isLogin = ({ path }: ReceivedRequest): boolean => path.startsWith('/v1/auth/')
const isWrite = ({ method }: ReceivedRequest): boolean => method !== 'GET'

/** All the requests that the provider makes. */
export const ways: Readonly<Record<string, Way>> = {
  'a read of KV 2': { version: 2, options: { token, kvVersion: 2 } },
  'a read of KV 1': { version: 1, options: { token, kvVersion: 1 } },
  'a question for the mount': { version: 2, options: { token } },
  'a read of KV 2 after that question': { version: 2, options: { token }, isFaulty: isRead },
  'a login': { version: 2, options: { auth: { method: 'approle', roleId, secretId } }, isFaulty: isLogin },
  'a write to KV 2': { version: 2, options: { token, writable: true }, isFaulty: isWrite, isWrite: true },
  'a write to KV 1': {
    version: 1,
    options: { token, writable: true },
    isFaulty: isWrite,
    isWrite: true,
    hasNoBody: true,
  },
}

/** Makes the request. */
export async function ask(provider: HashiCorpVaultProvider, way: Way, signal: AbortSignal): Promise<unknown> {
  return way.isWrite ? provider.setSecret?.('HELD_KEY', newValue, { signal }) : provider.readDocument({}, { signal })
}

/** What can go wrong on one of them. */
export function rowsFor({ isWrite: writes, hasNoBody }: Way): readonly FaultRow[] {
  return faultRows.filter(({ mayMeanDone, needsBody }) => !(writes && mayMeanDone) && !(hasNoBody && needsBody))
}
