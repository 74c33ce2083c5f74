import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyProviderConfigUpdate } from './apply-provider-config-update.ts'
import { costLimitStatus } from './cost-limit.ts'
import type { ProviderConfig, ProviderConfigUpdate } from './provider-config-schema.ts'

interface RecordedPut {
  readonly name: string
  readonly provider?: string
  readonly current?: ProviderConfig
  readonly update: ProviderConfigUpdate
  readonly status: number
  readonly detail?: string
  readonly config?: ProviderConfig
}

// Recorded from SimpleTuner in this shape.
const recorded = JSON.parse(
  readFileSync(new URL('__fixtures__/simpletuner-provider-config.json', import.meta.url), 'utf8'),
) as {
  readonly providerConfigPut: readonly RecordedPut[]
}

/** What SimpleTuner accepts or says in other words, and we refuse on purpose (R113). */
const refusedHere: readonly string[] = [
  'hardware price true',
  'hardware value not an object',
  'rate limit too large',
  'unknown fields are dropped',
  'amount as text is coerced',
]

describe('a change of a provider configuration', () => {
  const same = recorded.providerConfigPut.filter(({ name }) => !refusedHere.includes(name))

  it.each(same.filter(({ status }) => status === 200))('is stored as it was recorded: $name', async put => {
    const { provider = 'replicate', current = {}, update, config } = put

    expect(await applyProviderConfigUpdate({ provider, config: current }, update)).toEqual(config)
  })

  it.each(same.filter(({ status }) => status !== 200))('is refused in the recorded words: $name', async put => {
    const { provider = 'replicate', current = {}, update, detail } = put

    const applied = applyProviderConfigUpdate({ provider, config: current }, update)

    await expect(applied).rejects.toMatchObject({ name: 'Refusal', kind: 'invalid', message: detail })
  })

  it.each(recorded.providerConfigPut.filter(({ name }) => refusedHere.includes(name)))(
    'is refused although it was accepted, or in our words: $name',
    async ({ provider = 'replicate', current = {}, update }) => {
      const applied = applyProviderConfigUpdate({ provider, config: current }, update)

      await expect(applied).rejects.toMatchObject({ name: 'Refusal', kind: 'invalid' })
    },
  )

  it('covers every recorded change', () => {
    const names = recorded.providerConfigPut.map(({ name }) => name)

    expect(names).toHaveLength(39)
    expect(names).toEqual(expect.arrayContaining([...refusedHere]))
  })

  it.each([
    [{ cost_limit_amount: Number.NaN }],
    [{ cost_limit_amount: Infinity }],
    [{ hardware_info: { g: { cost_per_second: Infinity } } }],
    [{ hardware_info: { g: null } }],
    [{ hardware_info: [] }],
    [{ webhook_rate_limit_max: 0 }],
    [{ webhook_rate_limit_max: 1.5 }],
    [{ webhook_rate_limit_window: 3601 }],
    [{ s3_rate_limit_max: 10_001 }],
    [{ max_runtime_minutes: 0 }],
    [{ webhook_allowed_ips: [1] }],
    [{ webhook_allowed_ips: ['010.0.0.1'] }],
    [{ webhook_allowed_ips: ['fe80::1%eth0'] }],
    [{ webhook_allowed_ips: ['10.0.0.0/'] }],
    [{ webhook_allowed_ips: [''] }],
    [{ webhook_url: 'http://169.254.169.254/latest' }],
    [{ ssl_verify: 'no' }],
    [{ webhook_url: 'http://127.0.0.1/' }],
    [{ webhook_url: 'x'.repeat(3000) }],
    [[]],
    ['text'],
    [JSON.parse('{"__proto__": {"ssl_verify": false}}')],
  ])('is refused: %j', async update => {
    const applied = applyProviderConfigUpdate({ provider: 'replicate', config: {} }, update as ProviderConfigUpdate)

    await expect(applied).rejects.toMatchObject({ name: 'Refusal', kind: 'invalid' })
  })

  it('leaves the configuration of before as it is', async () => {
    const current = Object.freeze({ ssl_verify: true, org_id: 'a' })

    expect(
      await applyProviderConfigUpdate({ provider: 'acme', config: current }, { ssl_verify: false, org_id: '' }),
    ).toEqual({
      ssl_verify: false,
    })

    expect(current).toEqual({ ssl_verify: true, org_id: 'a' })
  })

  it('takes a bundle of certificates by its path, from the home folder too', async () => {
    await mkdir(join(homedir(), 'certificates'))
    await writeFile(join(homedir(), 'certificates', 'ca.pem'), '')

    const config = await applyProviderConfigUpdate(
      { provider: 'acme', config: {} },
      { ssl_ca_bundle: '~/certificates/ca.pem' },
    )

    expect(config).toEqual({ ssl_ca_bundle: join(homedir(), 'certificates', 'ca.pem') })
  })

  it.each([
    ['1xH100', 'h100'],
    ['H100-X1', 'h100'],
    ['2xh100', 'h100-x2'],
    ['l40s_x8', 'l40s-x8'],
    ['advanced-trainer-h100-x4', 'h100-x4'],
    [' L40S ', 'l40s'],
  ])('knows %j as %j', async (written, profile) => {
    expect(
      await applyProviderConfigUpdate({ provider: 'replicate', config: {} }, { hardware_profile: written }),
    ).toEqual({
      hardware_profile: profile,
    })
  })

  it('keeps a price by a name of an object’s own members', async () => {
    const hardware = JSON.parse('{"__proto__": {"cost_per_second": 1}}')

    const { hardware_info: stored = {} } = await applyProviderConfigUpdate(
      { provider: 'acme', config: {} },
      { hardware_info: hardware },
    )

    expect(Object.keys(stored)).toEqual(['__proto__'])
    expect(({} as { cost_per_second?: number }).cost_per_second).toBeUndefined()
  })
})

describe('costLimitStatus', () => {
  const config = { cost_limit_enabled: true, cost_limit_amount: 50 }

  it.each([
    [0, 'within'],
    [39.99, 'within'],
    [40, 'warning'],
    [49.99, 'warning'],
    [50, 'exceeded'],
    [51, 'exceeded'],
  ])('of %d of 50 dollars is %s', (spent, state) => {
    expect(costLimitStatus(config, spent)).toEqual({ state, amount: 50, periodDays: 30, isBlocked: false })
  })

  it('blocks when it is exceeded and that is the action', () => {
    const blocking = { ...config, cost_limit_action: 'block', cost_limit_period: 'weekly' } as const

    expect(costLimitStatus(blocking, 50)).toMatchObject({ isBlocked: true, periodDays: 7 })
    expect(costLimitStatus(blocking, 49)).toMatchObject({ isBlocked: false })
  })

  it.each([
    ['off', { ...config, cost_limit_enabled: false }],
    ['off', { cost_limit_enabled: true }],
    ['exceeded', { ...config, cost_limit_amount: 0 }],
  ])('is %s for %j', (state, settings) => {
    expect(costLimitStatus({ ...settings, cost_limit_period: 'daily' }, 0)).toMatchObject({ state, periodDays: 1 })
  })
})
