export type { SecretsManagerClientLike } from './aws-client.ts'
export type {
  AwsConnectionOptions,
  AwsJsonSecretOptions,
  AWSSecretsManagerProviderOptions,
  AwsSecretPerKeyOptions,
} from './aws-options.ts'
export { AWSSecretsManagerProvider } from './aws-provider.ts'
