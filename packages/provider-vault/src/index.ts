export type {
  AppRoleAuth,
  CertificateAuth,
  Credential,
  CredentialFile,
  JwtAuth,
  KubernetesAuth,
  LoginPlace,
  PasswordAuth,
  TokenAuth,
  VaultAuth,
} from './auth/auth-options.ts'
export type { NodeVaultRequest, VaultClientLike } from './node-vault.ts'
export type { HashiCorpVaultProviderOptions, HttpAgentLike, VaultTlsOptions } from './vault-options.ts'
export { HashiCorpVaultProvider } from './vault-provider.ts'
