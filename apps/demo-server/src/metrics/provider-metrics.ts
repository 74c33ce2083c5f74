import type { SecretsManager } from '@st/secrets-core'
import { Counter, Gauge, type Metric } from 'prom-client'

const counters = [
  ['calls', 'Reads, writes and checks that reached a provider.'],
  ['failures', 'How many of these failed.'],
  ['retries', 'Further attempts after a failed one.'],
] as const

/** What the manager counts of its providers. */
export function providerMetrics(secrets: Pick<SecretsManager, 'stats'>): readonly Metric[] {
  const breaker = new Gauge({
    name: 'st_secrets_breaker_state',
    help: '1 for the state in which the breaker of a provider is.',
    labelNames: ['provider', 'state'],
    registers: [],
    collect() {
      this.reset()
      for (const { provider, breaker: state } of secrets.stats().providers) this.set({ provider, state }, 1)
    },
  })
  const counted = counters.map(
    ([figure, help]) =>
      new Counter({
        name: `st_secrets_${figure}_total`,
        help,
        labelNames: ['provider'],
        registers: [],
        collect() {
          this.reset()
          for (const { provider, ...told } of secrets.stats().providers) this.inc({ provider }, told[figure])
        },
      }),
  )
  return [breaker, ...counted]
}
