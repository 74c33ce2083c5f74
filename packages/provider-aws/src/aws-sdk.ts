import { createRequire } from 'node:module'
import type * as Sdk from '@aws-sdk/client-secrets-manager'
import type * as RoleCredentials from '@aws-sdk/credential-providers'
import { SecretError } from '@st/secrets-core/provider'

const sdkName = '@aws-sdk/client-secrets-manager'

/** Loads the SDK; 60 ms and 28 MB that a process without this provider does not pay. */
export function loadSdk(provider: string): Promise<typeof Sdk> {
  return required(import('@aws-sdk/client-secrets-manager'), sdkName, provider)
}

/** Loads what assumes roles. */
export function loadRoleCredentials(provider: string): Promise<typeof RoleCredentials> {
  return required(import('@aws-sdk/credential-providers'), '@aws-sdk/credential-providers', provider)
}

/** Whether the SDK can be loaded, told without loading it. Inside a bundle, which cannot be seen into, yes. */
export function isSdkInstalled(): boolean {
  return !isResolvable('@st/provider-aws/package.json') || isResolvable(sdkName)
}

async function required<T>(loading: Promise<T>, packageName: string, provider: string): Promise<T> {
  try {
    return await loading
  } catch {
    const hint = `Install ${packageName}; a bundler must include it or leave it external.`
    throw new SecretError('not_configured', `${packageName} cannot be loaded.`, { provider, hint })
  }
}

function isResolvable(specifier: string): boolean {
  try {
    createRequire(import.meta.url).resolve(specifier)
    return true
  } catch {
    return false
  }
}
