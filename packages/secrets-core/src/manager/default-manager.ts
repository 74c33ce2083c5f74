import { defaultSlot } from './default-slot.ts'
import { SecretsManager } from './secrets-manager.ts'

/** The process-wide manager; made with the standard chain on the first call unless one was set (requirement R49). */
export function getSecretsManager(): SecretsManager {
  defaultSlot.manager ??= new SecretsManager()
  return defaultSlot.manager
}

/** Makes `manager` the process-wide one and returns the one before it, which the caller closes. */
export function setSecretsManager(manager: SecretsManager): SecretsManager | undefined {
  const previous = defaultSlot.manager
  defaultSlot.manager = manager
  return previous
}
