import { startFakeSecretsManager, startFakeVault } from '@st/test-servers'

/** Variables that a program gets. */
export type Environment = Readonly<Record<string, string>>

type Backend = <Result>(use: (environment: Environment) => Promise<Result>) => Promise<Result>

const secrets = {
  CLOUD_WEBHOOK_SECRET: 'whsec_example',
  HF_TOKEN: 'hf_example',
  REPLICATE_API_TOKEN: 'r8_example',
}

const backends: Readonly<Record<string, Backend>> = { '@st/provider-aws': withAws, '@st/provider-vault': withVault }

/** Calls `use` with what the reader of a package's README would have set, while the service behind it answers. */
export async function withBackend<Result>(
  subject: string,
  use: (environment: Environment) => Promise<Result>,
): Promise<Result> {
  const backend = backends[subject]
  return backend ? backend(use) : use({})
}

async function withAws<Result>(use: (environment: Environment) => Promise<Result>): Promise<Result> {
  const server = await startFakeSecretsManager()
  try {
    server.put('simpletuner/production', JSON.stringify(secrets))
    return await use({
      AWS_ACCESS_KEY_ID: 'example',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
      SIMPLETUNER_AWS_SECRET_NAME: 'simpletuner/production',
    })
  } finally {
    await server.close()
  }
}

async function withVault<Result>(use: (environment: Environment) => Promise<Result>): Promise<Result> {
  const server = await startFakeVault()
  try {
    server.put('secret', 'simpletuner', secrets)
    return await use({ VAULT_ADDR: server.url, VAULT_TOKEN: server.token })
  } finally {
    await server.close()
  }
}
