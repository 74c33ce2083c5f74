import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { loopbackCertificatePath, loopbackCertificatePaths, startFakeSecretsManager } from '@st/test-servers'
import { describe, expect, it, vi } from 'vitest'
import { failureOf } from './__fixtures__/failure-of.ts'
import { providerOver } from './__fixtures__/provider-over.ts'
import { useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

describe('AWS_CA_BUNDLE', () => {
  it('names authorities of your own, in place of the usual ones', async () => {
    await using manager = await startFakeSecretsManager({ tls: true })
    manager.put('app', '{"A":"1"}')
    vi.stubEnv('AWS_CA_BUNDLE', loopbackCertificatePath)
    const provider = providerOver(manager)

    expect(await provider.getSecret('A')).toBe('1')
    await provider.close()
    await vi.waitFor(() => expect(manager.openConnections).toBe(0))
  })

  it.each([
    ['no certificate of its own', undefined],
    ['another certificate', loopbackCertificatePaths.other_host],
  ])('decides: with %s the endpoint is not trusted and told nothing', async (_title, bundle) => {
    await using manager = await startFakeSecretsManager({ tls: true })
    vi.stubEnv('AWS_CA_BUNDLE', bundle)

    const error = await failureOf(providerOver(manager).getSecret('A'))

    expect(error).toMatchObject({ kind: 'insecure', detail: 'tls' })
    expect(error.hint).toContain('AWS_CA_BUNDLE')
    expect(manager.requests).toEqual([])
  })

  it.each(['absent.pem', '.'])('that cannot be read is named by the error: %s', async file => {
    vi.stubEnv('AWS_CA_BUNDLE', join(homedir(), file))

    const error = await failureOf(providerOver({ url: 'https://127.0.0.1:1' }).getSecret('A'))

    expect(error).toMatchObject({ kind: 'not_configured', hint: 'Correct AWS_CA_BUNDLE.' })
  })

  it('that holds no certificate trusts nobody', async () => {
    await using manager = await startFakeSecretsManager({ tls: true })
    const bundle = join(homedir(), 'bundle.pem')
    writeFileSync(bundle, 'no certificate')
    vi.stubEnv('AWS_CA_BUNDLE', bundle)

    expect(await failureOf(providerOver(manager).getSecret('A'))).toMatchObject({ kind: 'insecure' })
  })
})
