/**
 * The region to ask, or `undefined` to let the SDK look at the profile.
 *
 * `AWS_DEFAULT_REGION` is read here because the SDK for JavaScript, unlike the one for Python, ignores it.
 */
export function resolveRegion(regionName: string | undefined, secretName: string | undefined): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  return regionName || AWS_REGION || AWS_DEFAULT_REGION || regionOfArn(secretName)
}

function regionOfArn(secretName: string | undefined): string | undefined {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(secretName ?? '')?.[1]
}
