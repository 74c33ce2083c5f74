import type { ProviderName } from './secrets-config.ts'

/** How a provider that has a short name is made. */
export interface KnownProvider {
  readonly packageName: string
  readonly className: string
  /** Every option of its class; `@st/secrets-cli` tests that none is lacking. */
  readonly options: readonly string[]
  /** The option that is a path of this machine, if one is. */
  readonly path?: string
  /** A variable that asks for this provider. */
  readonly variable?: string
}

/** Short names in a configuration. */
export const knownProviders: Readonly<Record<ProviderName, KnownProvider>> = {
  env: {
    packageName: '@st/provider-env',
    className: 'EnvironmentSecretProvider',
    options: ['prefix', 'env', 'emptyAsMissing', 'name'],
  },
  file: {
    packageName: '@st/provider-file',
    className: 'FileSecretProvider',
    options: ['filePath', 'insecurePermissions', 'maxBytes', 'name'],
    path: 'filePath',
  },
  directory: {
    packageName: '@st/provider-file',
    className: 'DirectorySecretProvider',
    options: ['directory', 'maxBytes', 'name'],
    path: 'directory',
  },
  'env-file': {
    packageName: '@st/provider-file',
    className: 'EnvironmentFileSecretProvider',
    options: ['prefix', 'env', 'maxBytes', 'name'],
  },
  aws: {
    packageName: '@st/provider-aws',
    className: 'AWSSecretsManagerProvider',
    options: ['secretName', 'secretId', 'regionName', 'endpoint', 'profile', 'roleArn', 'client', 'writable', 'name'],
    variable: 'SIMPLETUNER_AWS_SECRET_NAME',
  },
  vault: {
    packageName: '@st/provider-vault',
    className: 'HashiCorpVaultProvider',
    options: [
      'url',
      'token',
      'auth',
      'path',
      'mountPoint',
      'namespace',
      'kvVersion',
      'tls',
      'redirectOrigins',
      'agent',
      'client',
      'writable',
      'name',
    ],
    variable: 'VAULT_ADDR',
  },
}
