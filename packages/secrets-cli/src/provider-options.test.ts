import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AwsJsonSecretOptions, AwsSecretPerKeyOptions } from '@st/provider-aws'
import type { EnvironmentSecretProviderOptions } from '@st/provider-env'
import type {
  DirectorySecretProviderOptions,
  EnvironmentFileSecretProviderOptions,
  FileSecretProviderOptions,
} from '@st/provider-file'
import type { HashiCorpVaultProviderOptions } from '@st/provider-vault'
import { loadConfig } from '@st/secrets-core/config'
import { describe, expect, it } from 'vitest'

/** Every option of a class: one that is added there does not compile here until it is added to the configuration. */
type Options<T> = Readonly<Record<keyof T, true>>

const env: Options<EnvironmentSecretProviderOptions> = { prefix: true, env: true, emptyAsMissing: true, name: true }
const file: Options<FileSecretProviderOptions> = {
  filePath: true,
  insecurePermissions: true,
  maxBytes: true,
  name: true,
}
const directory: Options<DirectorySecretProviderOptions> = { directory: true, maxBytes: true, name: true }
const environmentFile: Options<EnvironmentFileSecretProviderOptions> = {
  prefix: true,
  env: true,
  maxBytes: true,
  name: true,
}
const aws: Options<AwsJsonSecretOptions & AwsSecretPerKeyOptions> = {
  secretName: true,
  secretId: true,
  regionName: true,
  endpoint: true,
  profile: true,
  roleArn: true,
  client: true,
  writable: true,
  name: true,
}
const vault: Options<HashiCorpVaultProviderOptions> = {
  url: true,
  token: true,
  auth: true,
  path: true,
  mountPoint: true,
  namespace: true,
  kvVersion: true,
  tls: true,
  redirectOrigins: true,
  agent: true,
  client: true,
  writable: true,
  name: true,
}

describe('a configuration', () => {
  it.each(Object.entries({ env, file, directory, 'env-file': environmentFile, aws, vault }))(
    'knows every option of %s, and no other',
    async (use, options) => {
      const complaints = await Promise.all(
        [...Object.keys(options), 'noSuchOption'].map(async (name, index) => {
          const path = join(process.env['HOME'] ?? '', `${index}.json`)
          writeFileSync(path, JSON.stringify({ providers: [{ use, options: { [name]: null } }] }))
          const error: unknown = await loadConfig({ path }).catch((thrown: unknown) => thrown)
          return error instanceof Error && error.message.includes(`unknown member "${name}"`) ? name : undefined
        }),
      )

      expect(complaints.filter(Boolean)).toEqual(['noSuchOption'])
    },
  )
})
