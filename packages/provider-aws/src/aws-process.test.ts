import { fileURLToPath } from 'node:url'
import { startFakeSecretsManager, startScriptedServer } from '@st/test-servers'
import { runModule } from '@st/test-setup'
import { describe, expect, it } from 'vitest'
import { heldValue } from './__fixtures__/fault-rows.ts'
import { credentials, useTestEnvironment } from './__fixtures__/test-environment.ts'

useTestEnvironment()

const folder = fileURLToPath(new URL('..', import.meta.url))

const storedValue = 'stored-canary-value-83f0'
const roleKey = 'canary-role-key'
const roleToken = 'canary-role-token'

/** What STS answers, whatever it is asked. */
const roleAnswer = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>
  <SecretAccessKey>${roleKey}</SecretAccessKey><SessionToken>${roleToken}</SessionToken>
  <Expiration>2126-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`

const imports = `
  import { setImmediate as nextTurn } from 'node:timers/promises'
  import { startFakeSecretsManager } from '@st/test-servers'
  import { faultRows } from './src/__fixtures__/fault-rows.ts'
  import { providerOver } from './src/__fixtures__/provider-over.ts'
  import { ways } from './src/__fixtures__/reading-ways.ts'`

describe('a process', () => {
  it('is left with no socket and no timer, whatever the service did', async () => {
    const script = `${imports}
      let failures = 0
      for (const { options, ask } of Object.values(ways)) {
        await Promise.all(faultRows.map(async ({ start }) => {
          const scene = await start()
          const provider = providerOver(scene, options)
          await ask(provider, AbortSignal.timeout(1000)).catch(() => (failures += 1))
          await provider.close()
          await scene[Symbol.asyncDispose]()
        }))
      }
      const left = () => process.getActiveResourcesInfo().filter(name => /Timeout|TCP|TLS|HTTP|Addr/.test(name))
      // What is closed is gone some turns later.
      for (let turn = 0; turn < 100 && left().length > 0; turn += 1) await nextTurn()
      console.log(JSON.stringify({ left: left(), isWhole: failures === faultRows.length * Object.keys(ways).length }))`

    const { stdout } = await runModule(script, folder)

    expect(JSON.parse(stdout)).toEqual({ left: [], isWhole: true })
  })

  it.each([
    ['DEBUG', ''],
    ['NODE_DEBUG', 'HTTP'],
  ])('prints no secret and no credential with %s=*', async (variable, shown) => {
    await using manager = await startFakeSecretsManager()
    await using sts = await startScriptedServer(() => ({ status: 200, body: roleAnswer }))
    const faults = ['html', 'half', 'truncated', 'garbage', 'redirect'] as const
    for (const kind of faults) manager.break({ kind, to: manager.url }, ({ body }) => body.includes(`fault/${kind}`))
    for (const name of ['app', ...faults.map(kind => `fault/${kind}`)]) manager.put(name, `{"HELD_KEY":"${heldValue}"}`)
    const script = `
      import { AWSSecretsManagerProvider } from '@st/provider-aws'
      const { ENDPOINT: endpoint, ROLE: roleArn, STORED: stored, FAULTS: faults } = process.env
      const over = options => new AWSSecretsManagerProvider({ regionName: 'us-west-2', endpoint, ...options })
      const provider = over({ secretName: 'app', writable: true, roleArn })
      const value = await provider.getSecret('HELD_KEY')
      await provider.setSecret('OTHER', stored)
      const { status } = await provider.checkHealth()
      await provider.close()
      const failing = faults.split(',').map(kind => over({ secretName: 'fault/' + kind }))
      const failed = await Promise.allSettled(failing.map(each => each.getSecret('HELD_KEY')))
      for (const each of failing) await each.close()
      console.log(JSON.stringify([value.length, status, failed.filter(({ reason }) => reason?.provider).length]))`

    const { stdout, stderr } = await runModule(script, folder, {
      [variable]: '*',
      ENDPOINT: manager.url,
      ROLE: 'arn:aws:iam::123456789012:role/reader',
      STORED: storedValue,
      FAULTS: faults.join(),
      AWS_ENDPOINT_URL_STS: sts.url,
    })

    expect(JSON.parse(stdout)).toEqual([heldValue.length, 'ready', faults.length])
    expect(sts.requests.length).toBeGreaterThan(0)
    expect(stderr).toContain(shown)
    const sensitive = [heldValue, storedValue, roleKey, roleToken, ...Object.values(credentials)]
    // Node prints the beginnings of what it reads as bytes.
    const forms = [...sensitive, 'AWS4-HMAC-SHA256'].flatMap(text => [text, hexOf(text)])
    expect(forms.filter(form => stderr.includes(form))).toEqual([])
  })
})

function hexOf(text: string): string {
  return [...Buffer.from(text.slice(0, 8))].map(byte => byte.toString(16).padStart(2, '0')).join(' ')
}
