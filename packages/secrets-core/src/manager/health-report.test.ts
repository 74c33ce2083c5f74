import { describe, expect, it } from 'vitest'
import { denied, down, rejectionOf } from '../__fixtures__/failures.ts'
import { FakeTime } from '../__fixtures__/fake-time.ts'
import { managerOf } from '../__fixtures__/managed.ts'
import { processWarnings } from '../__fixtures__/process-warnings.ts'
import { keyedProvider, type SampleProvider } from '../__fixtures__/sample-provider.ts'
import type { Finding, ProviderHealth } from '../contract/provider-health.ts'

processWarnings()

const finding: Finding = { id: 'file.mode', severity: 'warning', message: 'Others can read it.', fix: 'chmod 600' }

function checkedProvider(name: string, health: ProviderHealth): SampleProvider {
  return Object.assign(keyedProvider(name), { checkHealth: async () => health })
}

describe('checkHealth', () => {
  it('gives what each provider says of itself, under its name, in the order of the chain', async () => {
    const manager = managerOf([
      checkedProvider('file', { status: 'ready', latencyMs: 3, findings: [] }),
      checkedProvider('file', { status: 'degraded', findings: [finding] }),
      checkedProvider('vault', { status: 'failed', kind: 'unauthenticated', findings: [finding] }),
    ])

    expect(await manager.checkHealth()).toEqual([
      { provider: 'file', status: 'ready', latencyMs: 3, findings: [] },
      { provider: 'file-2', status: 'degraded', findings: [finding] },
      { provider: 'vault', status: 'failed', kind: 'unauthenticated', findings: [finding] },
    ])
  })

  it('names a provider as the chain does, whatever it calls itself', async () => {
    const health: ProviderHealth & { readonly provider: string } = { provider: 'vault', status: 'ready', findings: [] }

    expect(await managerOf([checkedProvider('file', health)]).checkHealth()).toEqual([{ ...health, provider: 'file' }])
  })

  it('takes a provider that says nothing for ready, or not configured', async () => {
    const off = keyedProvider('off')
    off.available = false

    expect(await managerOf([keyedProvider('env'), off]).checkHealth()).toEqual([
      { provider: 'env', status: 'ready', findings: [] },
      { provider: 'off', status: 'not_configured', findings: [] },
    ])
  })

  it('counts no call of a provider that it does not ask', async () => {
    const manager = managerOf([keyedProvider('env'), checkedProvider('file', { status: 'ready', findings: [] })])

    await manager.checkHealth()

    expect(manager.stats().providers.map(({ calls }) => calls)).toEqual([0, 1])
  })

  it('asks a provider that is not configured why', async () => {
    const off = checkedProvider('off', { status: 'not_configured', findings: [finding] })
    off.available = false

    expect(await managerOf([off]).checkHealth()).toEqual([
      { provider: 'off', status: 'not_configured', findings: [finding] },
    ])
  })

  it('is failed, with a finding and its fix, for one that throws', async () => {
    const vault = keyedProvider('vault')
    vault.checkHealth = async () => Promise.reject(down({ hint: 'Start it.' }))

    expect(await managerOf([vault]).checkHealth()).toEqual([
      {
        provider: 'vault',
        status: 'failed',
        kind: 'unavailable',
        findings: [{ id: 'provider.unavailable', severity: 'error', message: 'no answer', fix: 'Start it.' }],
      },
    ])
  })

  it('is failed for one that hangs, at its deadline, and asks all at once', async () => {
    using time = new FakeTime()
    const hanging = ['a', 'b', 'c'].map(name =>
      Object.assign(keyedProvider(name), { checkHealth: async () => new Promise<never>(() => undefined) }),
    )

    const checking = managerOf(hanging).checkHealth()
    await time.pass(3)

    expect((await checking).map(({ status, kind }) => [status, kind])).toEqual([
      ['failed', 'timeout'],
      ['failed', 'timeout'],
      ['failed', 'timeout'],
    ])
  })

  it('tells that a breaker is open, and asks all the same', async () => {
    let checks = 0
    const vault = keyedProvider('vault')
    vault.checkHealth = async () => {
      checks += 1
      return { status: 'ready', findings: [finding] }
    }
    vault.failure = down()
    const manager = managerOf([vault], { policy: { retry: false, breaker: { failures: 1 } } })
    await manager.get('A')

    const [health] = await manager.checkHealth()

    expect(health).toMatchObject({
      status: 'degraded',
      findings: [finding, { id: 'provider.circuit_open', severity: 'warning' }],
    })
    expect(checks).toBe(1)
  })

  it('does not call a failed provider degraded because its breaker is open', async () => {
    const vault = checkedProvider('vault', { status: 'failed', kind: 'forbidden', findings: [] })
    vault.failure = down()
    const manager = managerOf([vault], { policy: { retry: false, breaker: { failures: 1 } } })
    await manager.get('A')

    expect(await manager.checkHealth()).toMatchObject([
      { status: 'failed', findings: [{ id: 'provider.circuit_open' }] },
    ])
  })

  it('ends with the signal of its caller', async () => {
    const controller = new AbortController()
    const hanging = Object.assign(keyedProvider('a'), { checkHealth: async () => new Promise<never>(() => undefined) })

    const checking = rejectionOf(managerOf([hanging]).checkHealth({ signal: controller.signal }))
    controller.abort('enough')

    expect(await checking).toBe('enough')
  })

  it('neither repeats a check nor counts it for the breaker', async () => {
    using time = new FakeTime()
    let checks = 0
    const vault = keyedProvider('vault', { A: '1' })
    vault.checkHealth = async () => {
      checks += 1
      throw checks % 2 === 0 ? down() : denied()
    }
    const manager = managerOf([vault], { policy: { breaker: { failures: 1 } } })

    await manager.checkHealth()
    await manager.checkHealth()

    expect([checks, manager.stats().providers[0]?.breaker, time.timers, await manager.get('A')]).toEqual([
      2,
      'closed',
      0,
      '1',
    ])
  })
})
