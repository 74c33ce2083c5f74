import { createRequire } from 'node:module'
import type * as Sdk from '@aws-sdk/client-secrets-manager'
import { SecretError } from '@st/secrets-core/provider'

/** The AWS SDK's module. */
export type AwsSdk = typeof Sdk

const sdkName = '@aws-sdk/client-secrets-manager'

/** Loads the SDK; 60 ms and 28 MB that a process without this provider does not pay. */
export async function loadSdk(provider: string): Promise<AwsSdk> {
  try {
    return await import('@aws-sdk/client-secrets-manager')
  } catch {
    throw new SecretError('not_configured', `${sdkName} cannot be loaded.`, {
      provider,
      hint: `Install ${sdkName}; a bundler must include it or leave it external.`,
    })
  }
}

/** Whether the SDK can be loaded, told without loading it. Inside a bundle, which cannot be seen into, yes. */
export function isSdkInstalled(): boolean {
  return !isResolvable('@st/provider-aws/package.json') || isResolvable(sdkName)
}

function isResolvable(specifier: string): boolean {
  try {
    createRequire(import.meta.url).resolve(specifier)
    return true
  } catch {
    return false
  }
}
