import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { createServer, type Server } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { loopbackCertificatePath, loopbackCertificatePaths, loopbackKey, startFakeVault } from '@st/test-servers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { loadTls, resolveTls } from './tls-settings.ts'
import type { VaultTlsOptions } from './vault-options.ts'
import { HashiCorpVaultProvider } from './vault-provider.ts'

const certificate = readFileSync(loopbackCertificatePath, 'utf8')
const key = loopbackKey()
const body = JSON.stringify({ data: { data: { A: '1' }, metadata: { version: 1, created_time: 'x' } } })
const servers: Server[] = []

afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that talks only to who shows the certificate that it trusts. */
async function startMutual(): Promise<string> {
  const options = { key, cert: certificate, ca: certificate, requestCert: true, rejectUnauthorized: true }
  const server = createServer(options, (_request, response) => {
    response.setHeader('content-type', 'application/json').end(body)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

function providerOf(url: string, tls?: VaultTlsOptions): HashiCorpVaultProvider {
  return new HashiCorpVaultProvider({ url, token: 't', kvVersion: 2, tls })
}

function fileOf(name: string, text: string): string {
  const path = join(homedir(), name)
  writeFileSync(path, text)
  return path
}

describe('a client certificate', () => {
  it('is shown from the options, as text or as files', async () => {
    const url = await startMutual()
    const texts = providerOf(url, { ca: certificate, cert: certificate, key })
    const files = { ca: loopbackCertificatePath, cert: loopbackCertificatePath, key: fileOf('key.pem', key) }

    expect(await texts.getSecret('A')).toBe('1')
    expect(await providerOf(url, files).getSecret('A')).toBe('1')
  })

  it('is shown from the environment', async () => {
    vi.stubEnv('VAULT_CACERT', loopbackCertificatePath)
    vi.stubEnv('VAULT_CLIENT_CERT', loopbackCertificatePath)
    vi.stubEnv('VAULT_CLIENT_KEY', fileOf('key.pem', key))

    expect(await providerOf(await startMutual()).getSecret('A')).toBe('1')
  })

  it('that is lacking is an error that names what to check', async () => {
    const error = await failureOf(providerOf(await startMutual(), { ca: certificate }).getSecret('A'))

    expect(['insecure', 'unavailable']).toContain(error.kind)
  })

  it('is not enough without its key, nor with another one', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const other = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()

    const alone = await failureOf(providerOf('https://127.0.0.1:1', { cert: certificate }).getSecret('A'))
    const wrong = await failureOf(providerOf('https://127.0.0.1:1', { cert: certificate, key: other }).getSecret('A'))

    expect(alone).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('its key') })
    expect(wrong).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('tls.key') })
  })

  it('and its key show nowhere', async () => {
    const marked = key.replace('-----BEGIN', 'canary\n-----BEGIN')
    const provider = providerOf('https://127.0.0.1:1', { cert: certificate, key: `${marked}broken` })

    const error = await failureOf(provider.getSecret('A'))
    const printed = inspect([provider, error, provider.describe()], { depth: 20, showHidden: true })

    expect(printed + JSON.stringify([provider, error])).not.toMatch(/canary|BEGIN/)
  })

  it('that was renewed on disk is read after it was refused', async () => {
    const url = await startMutual()
    const cert = fileOf('client.pem', readFileSync(loopbackCertificatePaths.expired, 'utf8'))
    const provider = providerOf(url, { ca: certificate, cert, key })
    const refused = await provider.getSecret('A').catch((error: unknown) => error)

    copyFileSync(loopbackCertificatePath, cert)
    const values = [await provider.getSecret('A').catch(() => undefined), await provider.getSecret('A')]

    expect(refused).toBeInstanceOf(Error)
    expect(values).toContain('1')
  })
})

describe('authorities', () => {
  it('are all those in the folder VAULT_CAPATH', async () => {
    await using vault = await startFakeVault({ tls: true })
    vault.put('secret', 'simpletuner', { A: '1' })
    const folder = join(homedir(), 'authorities')
    mkdirSync(join(folder, 'subfolder'), { recursive: true })
    copyFileSync(loopbackCertificatePaths.expired, join(folder, 'a.pem'))
    copyFileSync(loopbackCertificatePath, join(folder, 'b.pem'))
    writeFileSync(join(folder, 'README'), 'no certificate')
    vi.stubEnv('VAULT_CAPATH', folder)
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token })

    expect(await provider.getSecret('A')).toBe('1')
    await provider.close()
  })

  it.each(['empty', 'absent'])('in a folder that is %s: an error that names VAULT_CAPATH', async name => {
    mkdirSync(join(homedir(), 'empty'))
    vi.stubEnv('VAULT_CAPATH', join(homedir(), name))

    const error = await failureOf(providerOf('https://127.0.0.1:1').getSecret('A'))

    expect(error).toMatchObject({ kind: 'not_configured', message: expect.stringContaining('VAULT_CAPATH') })
  })

  it('come from the options first, then from VAULT_CACERT, then from VAULT_CAPATH', async () => {
    const url = await startMutual()
    vi.stubEnv('VAULT_CAPATH', join(homedir(), 'absent'))
    vi.stubEnv('VAULT_CACERT', loopbackCertificatePaths.other_host)

    const fromOptions = await providerOf(url, { ca: certificate, cert: certificate, key }).getSecret('A')
    const fromVariable = await failureOf(providerOf(url, { cert: certificate, key }).getSecret('A'))

    expect(fromOptions).toBe('1')
    expect(fromVariable.kind).toBe('insecure')
  })
})

describe('the name of the server', () => {
  it.each([
    [{}, 'insecure'],
    [{ VAULT_TLS_SERVER_NAME: 'localhost' }, 'insecure'],
  ])('must be in its certificate (%o)', async (environment, kind) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    await using vault = await startFakeVault({ tls: { certificate: 'other_host' } })
    const provider = providerOf(vault.url, { ca: loopbackCertificatePaths.other_host })

    expect((await failureOf(provider.getSecret('A'))).kind).toBe(kind)
    expect(vault.requests).toEqual([])
  })

  it.each(['option', 'variable'])('may be another than that of the address (%s)', async source => {
    const name = 'other-host.invalid'
    await using vault = await startFakeVault({ tls: { certificate: 'other_host' } })
    vault.put('secret', 'simpletuner', { A: '1' })
    if (source === 'variable') vi.stubEnv('VAULT_TLS_SERVER_NAME', name)
    const tls = { ca: loopbackCertificatePaths.other_host, ...(source === 'option' && { serverName: name }) }
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, tls })

    expect(await provider.getSecret('A')).toBe('1')
    await provider.close()
  })
})

describe('insecureSkipVerify', () => {
  it('wins over VAULT_SKIP_VERIFY', async () => {
    await using vault = await startFakeVault({ tls: true })
    vi.stubEnv('VAULT_SKIP_VERIFY', 'true')

    const error = await failureOf(providerOf(vault.url, { insecureSkipVerify: false }).getSecret('A'))

    expect(error.kind).toBe('insecure')
    expect(providerOf(vault.url, { insecureSkipVerify: true }).describe()).toMatchObject({ verifiesTls: false })
  })
})

describe('a server of TLS 1.1', () => {
  it('is not spoken to whatever Node is told to allow', async () => {
    expect(await loadTls(resolveTls(), 'vault')).toEqual({ minVersion: 'TLSv1.2', rejectUnauthorized: true })
  })

  it('is refused', async () => {
    await using vault = await startFakeVault({ tls: { old: true } })
    const provider = providerOf(vault.url, { insecureSkipVerify: true })

    expect((await failureOf(provider.getSecret('A'))).kind).toBe('insecure')
    expect(vault.requests).toEqual([])
  })
})

describe('an agent of the caller', () => {
  it('makes the connections and is left as it is', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1' })
    const agent = new Agent({ keepAlive: true })
    const destroy = vi.spyOn(agent, 'destroy')
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, agent, kvVersion: 2 })
    const values = await Promise.all([provider.getSecret('A'), provider.getSecret('A')])
    const idle = await vi.waitUntil(() => {
      const sockets = Object.values(agent.freeSockets).flat()
      return sockets.length === 2 && sockets
    })

    vault.break({ kind: 'reset' })
    await failureOf(provider.getSecret('A'))
    await provider.close()

    expect(values).toEqual(['1', '1'])
    expect(idle.filter(socket => socket?.destroyed)).toHaveLength(1)
    expect(destroy).not.toHaveBeenCalled()
    agent.destroy()
  })

  it('that cannot speak TLS is an error and not a crash', async () => {
    const agent = new Agent()
    const provider = new HashiCorpVaultProvider({ url: 'https://127.0.0.1:1', token: 't', agent })

    expect((await failureOf(provider.getSecret('A'))).kind).toBe('unavailable')
  })
})

describe('connections that failed', () => {
  it('are not used again by the next request', async () => {
    await using vault = await startFakeVault()
    vault.put('secret', 'simpletuner', { A: '1' })
    const provider = new HashiCorpVaultProvider({ url: vault.url, token: vault.token, kvVersion: 2 })
    await Promise.all(Array.from({ length: 4 }, () => provider.getSecret('A')))
    vault.break({ kind: 'hang' })
    const controller = new AbortController()

    const hanging = failureOf(provider.getSecret('A', { signal: controller.signal }))
    await vi.waitFor(() => expect(vault.requests).toHaveLength(5))
    controller.abort()
    await hanging

    await vi.waitFor(() => expect(vault.openConnections).toBe(0))
    await provider.close()
  })
})
