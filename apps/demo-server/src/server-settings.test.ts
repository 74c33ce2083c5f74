import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from './command-line.ts'
import { serverSettings } from './server-settings.ts'

const loopback = { listen: { host: '127.0.0.1', port: 0 } }
const everywhere = { listen: { host: '0.0.0.0', port: 0 } }

describe('serverSettings', () => {
  it('reads names, proxies and limits from the environment', () => {
    const env = {
      ST_ALLOWED_HOSTS: 'Example.org, b.example:8443,',
      ST_TRUSTED_PROXIES: '10.0.0.1,fd00::/8',
      ST_RATE_LIMIT: '5',
      ST_ALLOW_PRIVATE_WEBHOOKS: '1',
    }

    expect(serverSettings(everywhere, env)).toEqual({
      ...everywhere,
      allowedHosts: ['example.org', 'b.example:8443'],
      trustedProxies: ['10.0.0.1', 'fd00::/8'],
      rateLimits: { perMinute: 5 },
      allowsPrivateWebhooks: true,
    })
  })

  it('reads the certificate', () => {
    const [tlsCert, tlsKey] = [join(homedir(), 'cert.pem'), join(homedir(), 'key.pem')]
    writeFileSync(tlsCert, 'cert')
    writeFileSync(tlsKey, 'key')

    const { tls } = serverSettings({ ...everywhere, tlsCert, tlsKey }, {})

    expect(tls).toEqual({ cert: Buffer.from('cert'), key: Buffer.from('key') })
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org'])('refuses plain HTTP on %s, and says what to do', host => {
    const settings = (): unknown => serverSettings({ listen: { host, port: 0 } }, {})

    expect(settings).toThrow(UsageError)
    expect(settings).toThrow(/--tls-cert and --tls-key, or name the proxy .* in ST_TRUSTED_PROXIES\.$/)
  })

  it.each([
    [{ ST_ALLOWED_HOSTS: 'https://example.org' }, /^ST_ALLOWED_HOSTS /],
    [{ ST_TRUSTED_PROXIES: 'proxy.example.org' }, /^ST_TRUSTED_PROXIES /],
    [{ ST_TRUSTED_PROXIES: '10.0.0.0/33' }, /^ST_TRUSTED_PROXIES /],
    [{ ST_RATE_LIMIT: '0' }, /^ST_RATE_LIMIT /],
    [{ ST_RATE_LIMIT: 'many' }, /^ST_RATE_LIMIT /],
    [{ ST_ALLOW_PRIVATE_WEBHOOKS: 'yes' }, /^ST_ALLOW_PRIVATE_WEBHOOKS /],
  ])('refuses %j', (env, message) => {
    expect(() => serverSettings(loopback, env)).toThrow(UsageError)
    expect(() => serverSettings(loopback, env)).toThrow(message)
  })

  it('names the certificate that cannot be read', () => {
    const tlsCert = join(homedir(), 'missing.pem')

    expect(() => serverSettings({ ...loopback, tlsCert, tlsKey: tlsCert }, {})).toThrow(
      `--tls-cert cannot be read (ENOENT): ${tlsCert}.`,
    )
  })
})
