import type { SecretsManagerClientLike } from './aws-client.ts'

/** Where AWS is asked and as whom. Empty text counts as not given. */
export interface AwsConnectionOptions {
  /** Region. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`, then that of an ARN, then that of the AWS profile. */
  readonly regionName?: string | undefined
  /** Address to ask in place of the region's own. Default: what the SDK reads, `AWS_ENDPOINT_URL_SECRETS_MANAGER` first. */
  readonly endpoint?: string | undefined
  /** Profile of the shared AWS files that has the credentials. Default: `AWS_PROFILE`, and what else the SDK looks at. */
  readonly profile?: string | undefined
  /** ARN of a role to assume with those credentials (`sts:AssumeRole`). Default: none is assumed. */
  readonly roleArn?: string | undefined
  /**
   * Used instead of a client of our own; region, endpoint, profile and role are then its own affair. It is never
   * destroyed, its credentials are not renewed, and its answers are not limited in size. Default: a client is made on
   * first use.
   */
  readonly client?: SecretsManagerClientLike | undefined
  /** Whether secrets may be stored and removed; without it the provider has no such methods. Default: false. */
  readonly writable?: boolean | undefined
  /** Name in traces and errors. Default: `'aws'`. */
  readonly name?: string | undefined
}

/** One or several secrets, each of them a JSON object that holds many keys. */
export interface AwsJsonSecretOptions extends AwsConnectionOptions {
  /**
   * Names or ARNs. Of several, earlier ones win; one that does not exist is passed over, one that cannot be read fails
   * the read. Default: `SIMPLETUNER_AWS_SECRET_NAME`.
   */
  readonly secretName?: string | readonly string[] | undefined
  /** Only for {@link AwsSecretPerKeyOptions}. */
  readonly secretId?: undefined
}

/** One secret a key, whose whole text is the value. */
export interface AwsSecretPerKeyOptions extends AwsConnectionOptions {
  /** Name or ARN of the secret that holds a key; `undefined` for keys that AWS is not to be asked for. */
  readonly secretId: (key: string) => string | undefined
  /** Only for {@link AwsJsonSecretOptions}. */
  readonly secretName?: undefined
}

/** Options of {@link AWSSecretsManagerProvider}. */
export type AWSSecretsManagerProviderOptions = AwsJsonSecretOptions | AwsSecretPerKeyOptions
