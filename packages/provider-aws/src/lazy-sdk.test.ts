import { cpSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startFakeSecretsManager } from '@st/test-servers'
import { copyWithDependencies, runModule } from '@st/test-setup'
import { describe, expect, it } from 'vitest'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

async function jsonOf(script: string, folder: string): Promise<unknown> {
  return JSON.parse((await runModule(script, folder)).stdout)
}

describe('the AWS SDK', () => {
  it('is loaded by the first read, not by importing the package, making a provider or asking it', async () => {
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      const countSdk = () => loaded.filter(url => /@(aws-sdk|smithy)/.test(url)).length
      const { AWSSecretsManagerProvider } = await import('@st/provider-aws')
      const imported = countSdk()
      const options = { secretName: 'n', regionName: 'us-west-2', endpoint: 'http://127.0.0.1:1' }
      const provider = new AWSSecretsManagerProvider(options)
      const available = provider.isAvailable()
      const asked = countSdk()
      await provider.getSecret('A').catch(() => {})
      console.log(JSON.stringify({ available, imported, asked, isLoadedByRead: countSdk() > 0 }))`

    expect(await jsonOf(script, packageFolder)).toEqual({
      available: true,
      imported: 0,
      asked: 0,
      isLoadedByRead: true,
    })
  })

  it('makes the provider unavailable when it is not installed, and a read says what to install', async () => {
    const script = `
      import { AWSSecretsManagerProvider } from '@st/provider-aws'
      const provider = new AWSSecretsManagerProvider({ secretName: 'n', regionName: 'us-west-2' })
      const error = await provider.getSecret('A').catch(reason => reason)
      console.log(JSON.stringify({ available: provider.isAvailable(), kind: error.kind, hint: error.hint }))`

    expect(await jsonOf(script, copyWithDependencies(packageFolder, ['@st/secrets-core']))).toEqual({
      available: false,
      kind: 'not_configured',
      hint: expect.stringContaining('Install @aws-sdk/client-secrets-manager'),
    })
  })

  it('needs @aws-sdk/client-sts only to tell who asks, and @aws-sdk/credential-providers only to assume a role', async () => {
    await using manager = await startFakeSecretsManager()
    manager.put('app', '{"A":"1"}')
    const script = `
      import { AWSSecretsManagerProvider } from '@st/provider-aws'
      const options = { secretName: 'app', regionName: 'us-west-2', endpoint: '${manager.url}' }
      const provider = new AWSSecretsManagerProvider(options)
      const value = await provider.getSecret('A')
      const { status, findings } = await provider.checkHealth()
      const withRole = new AWSSecretsManagerProvider({ ...options, roleArn: 'arn:aws:iam::123456789012:role/reader' })
      const { kind, hint } = await withRole.getSecret('A').catch(reason => reason)
      await provider.close()
      const identity = findings.find(({ id }) => id === 'aws.identity')
      console.log(JSON.stringify({ value, status, identity, kind, hint }))`

    const copy = copyWithDependencies(packageFolder, ['@st/secrets-core', '@aws-sdk/client-secrets-manager'])

    expect(await jsonOf(script, copy)).toEqual({
      value: '1',
      status: 'ready',
      identity: {
        id: 'aws.identity',
        severity: 'info',
        message: 'Who asks is not told without @aws-sdk/client-sts.',
        fix: 'npm install @aws-sdk/client-sts',
      },
      kind: 'not_configured',
      hint: expect.stringContaining('Install @aws-sdk/credential-providers'),
    })
  })

  it('is presumed to be there inside a bundle, where nothing can be resolved', async () => {
    const copy = copyWithDependencies(packageFolder, ['@st/secrets-core'])
    const bundled = join(homedir(), 'bundle')
    cpSync(join(copy, 'src'), bundled, { recursive: true })
    symlinkSync(join(copy, 'node_modules'), join(homedir(), 'node_modules'))
    const script = `
      import { AWSSecretsManagerProvider } from './index.ts'
      console.log(JSON.stringify(new AWSSecretsManagerProvider({ secretName: 'n' }).isAvailable()))`

    expect(await jsonOf(script, bundled)).toBe(true)
  })
})
