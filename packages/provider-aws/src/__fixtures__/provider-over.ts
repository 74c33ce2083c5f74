import type { FakeSecretsManager } from '@st/test-servers'
import type { AWSSecretsManagerProviderOptions } from '../aws-options.ts'
import { AWSSecretsManagerProvider } from '../aws-provider.ts'

/** A provider that asks a stand-in; for the secret `app` unless told otherwise. */
export function providerOver(
  manager: Pick<FakeSecretsManager, 'url'>,
  options: AWSSecretsManagerProviderOptions = { secretName: 'app' },
): AWSSecretsManagerProvider {
  return new AWSSecretsManagerProvider({ regionName: 'us-west-2', endpoint: manager.url, ...options })
}
