export { HashiCorpVaultProvider } from './vault-provider.ts'
export type { HashiCorpVaultProviderOptions } from './vault-settings.ts'
