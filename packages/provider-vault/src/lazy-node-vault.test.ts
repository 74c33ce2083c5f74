import { cpSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyWithDependencies, runModule } from '@st/test-setup'
import { describe, expect, it } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

async function jsonOf(script: string, folder: string): Promise<unknown> {
  return JSON.parse((await runModule(script, folder)).stdout)
}

describe('node-vault', () => {
  it('is loaded by the first read, not by importing the package, making a provider or asking it', async () => {
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
      const countLoaded = () => loaded.filter(url => /node_modules\\/(node-vault|axios)\\//.test(url)).length
      const { HashiCorpVaultProvider } = await import('@st/provider-vault')
      const imported = countLoaded()
      const options = { url: 'http://127.0.0.1:1', token: 't' }
      const provider = new HashiCorpVaultProvider(options)
      const available = provider.isAvailable()
      const asked = countLoaded()
      await provider.getSecret('A').catch(() => {})
      console.log(JSON.stringify({ available, imported, asked, isLoadedByRead: countLoaded() > 0 }))`

    expect(await jsonOf(script, packageFolder)).toEqual({
      available: true,
      imported: 0,
      asked: 0,
      isLoadedByRead: true,
    })
  })

  it('makes the provider unavailable when it is not installed, and a read says what to install', async () => {
    const script = `
      import { HashiCorpVaultProvider } from '@st/provider-vault'
      const provider = new HashiCorpVaultProvider({ url: 'http://127.0.0.1:1', token: 't' })
      const error = await provider.getSecret('A').catch(reason => reason)
      console.log(JSON.stringify({ available: provider.isAvailable(), kind: error.kind, hint: error.hint }))`

    expect(await jsonOf(script, copyWithDependencies(packageFolder, ['@st/secrets-core']))).toEqual({
      available: false,
      kind: 'not_configured',
      hint: expect.stringContaining('Install node-vault'),
    })
  })

  it('is presumed to be there inside a bundle, where nothing can be resolved', async () => {
    const copy = copyWithDependencies(packageFolder, ['@st/secrets-core'])
    const bundled = join(homedir(), 'bundle')
    cpSync(join(copy, 'src'), bundled, { recursive: true })
    symlinkSync(join(copy, 'node_modules'), join(homedir(), 'node_modules'))
    const script = `
      import { HashiCorpVaultProvider } from './index.ts'
      console.log(JSON.stringify(new HashiCorpVaultProvider({ url: 'http://127.0.0.1:1', token: 't' }).isAvailable()))`

    expect(await jsonOf(script, bundled)).toBe(true)
  })
})
