import type { SecretsManager } from './secrets-manager.ts'

/** Where the process-wide manager is kept; its own file breaks the cycle of `SecretsManager.reset` and `getSecretsManager`. */
export const defaultSlot: { manager?: SecretsManager | undefined } = {}
