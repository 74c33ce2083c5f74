/** Kinds of configuration files. */
export type ConfigFormat = 'ts' | 'mjs' | 'json'

/** A configuration file to begin with, which does what none does. */
export function configTemplate(format: ConfigFormat): string {
  if (format === 'json') return `${JSON.stringify({ providers: [{ use: 'env' }, { use: 'file' }] }, null, 2)}\n`
  return format === 'ts' ? typescript : javascript
}

// The type alone is imported, so that the file can be read where the package is not installed.
const body = `{
  // Asked in this order, until one has the key. Each package has to be installed; its README has the options.
  providers: [
    // Environment variables: hf-token is HF_TOKEN, with a prefix MYAPP_HF_TOKEN.
    { use: 'env' },
    // One JSON or YAML file, which \`st-secrets set\` writes. Do not commit it. Default: ~/.simpletuner/secrets.json
    { use: 'file' /* , options: { filePath: '~/.myapp/secrets.yaml' } */ },
    // A directory with a file for each key, as Docker and Kubernetes have it.
    // { use: 'directory', options: { directory: '/run/secrets' } },
    // AWS Secrets Manager: npm install @st/provider-aws
    // { use: 'aws', options: { secretName: 'myapp', regionName: 'eu-central-1' } },
    // HashiCorp Vault: npm install @st/provider-vault. Asked for some keys only, and given more time.
    // { use: 'vault', options: { path: 'myapp' }, keys: ['DB_*'], policy: { timeoutMs: 5000 } },
  ],

  // How providers are asked that have no policy of their own; these are the defaults.
  policy: {
    timeoutMs: 3000,
    retry: { retries: 2 },
    cache: { ttl: 300, staleIfError: 3600 },
  },

  // Milliseconds for one read through all of them.
  timeoutMs: 8000,
}`

const typescript = `// Read by st-secrets, and by your program: new SecretsManager(await loadConfig()), from '@st/secrets-core/config'.
import type { SecretsConfig } from '@st/secrets-core/config'

export default ${body} satisfies SecretsConfig
`

const javascript = `// Read by st-secrets, and by your program: new SecretsManager(await loadConfig()), from '@st/secrets-core/config'.

/** @type {import('@st/secrets-core/config').SecretsConfig} */
export default ${body}
`
