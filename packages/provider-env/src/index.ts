export { EnvironmentSecretProvider } from './environment-secret-provider.ts'
export type { EnvironmentSecretProviderOptions } from './environment-secret-provider.ts'
