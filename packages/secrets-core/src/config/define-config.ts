import type { SecretsConfig } from './secrets-config.ts'

/** Gives `config` back: in a configuration file it checks types and offers completion. */
export function defineConfig(config: SecretsConfig): SecretsConfig {
  return config
}
