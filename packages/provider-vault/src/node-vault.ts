import { createRequire } from 'node:module'
import { SecretError } from '@st/secrets-core/provider'
import type * as NodeVaultModule from 'node-vault'

/** Makes a node-vault client. */
export type NodeVault = typeof NodeVaultModule.default

/** Loads node-vault; 70 ms and 30 MB, mostly its HTTP client, that a process without this provider does not pay. */
export async function loadNodeVault(provider: string): Promise<NodeVault> {
  try {
    const { default: nodeVault } = await import('node-vault')
    return nodeVault
  } catch {
    throw new SecretError('not_configured', 'node-vault cannot be loaded.', {
      provider,
      hint: 'Install node-vault; a bundler must include it or leave it external.',
    })
  }
}

/** Whether node-vault can be loaded, told without loading it. Inside a bundle, which cannot be seen into, yes. */
export function isNodeVaultInstalled(): boolean {
  return !isResolvable('@st/provider-vault/package.json') || isResolvable('node-vault')
}

function isResolvable(specifier: string): boolean {
  try {
    createRequire(import.meta.url).resolve(specifier)
    return true
  } catch {
    return false
  }
}
