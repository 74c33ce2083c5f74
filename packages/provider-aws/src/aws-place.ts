import type { AwsConnectionOptions } from './aws-options.ts'

/** Where AWS is asked, as far as it is known without the SDK. */
export interface AwsPlace {
  /** The region and the option or variable that it comes from; the SDK else finds it in the AWS profile. */
  readonly region?: { readonly name: string; readonly source: string } | undefined
  /** Address in place of the region's own. */
  readonly endpoint?: string | undefined
}

/**
 * Where AWS is asked, with the environment as it is. A client of the caller's knows that itself.
 *
 * `AWS_DEFAULT_REGION` is read here because the SDK for JavaScript, unlike the one for Python, ignores it.
 */
export function placeOf(
  { client, regionName, endpoint }: AwsConnectionOptions,
  secretNames: readonly string[],
): AwsPlace {
  if (client) return {}
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL } = process.env
  const arn = secretNames.map(name => /^arn:[^:]+:secretsmanager:([^:]+):/.exec(name)?.[1]).find(Boolean)
  const regions = Object.entries({ regionName, AWS_REGION, AWS_DEFAULT_REGION, 'the ARN': arn })
  const [region] = regions.flatMap(([source, name]) => (name ? { name, source } : []))
  return { region, endpoint: endpoint || AWS_ENDPOINT_URL_SECRETS_MANAGER || AWS_ENDPOINT_URL || undefined }
}
