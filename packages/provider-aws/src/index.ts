export type { SecretsManagerClientLike } from './aws-client.ts'
export { AWSSecretsManagerProvider } from './aws-provider.ts'
export type { AWSSecretsManagerProviderOptions } from './aws-provider.ts'
