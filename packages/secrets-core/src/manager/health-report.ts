import type { Finding, ProviderHealth } from '../contract/provider-health.ts'
import type { ProviderLink } from '../chain/provider-link.ts'
import { untilAborted } from '../contract/until-aborted.ts'

/** What a provider says of itself, under its name in the chain. */
export interface NamedHealth extends ProviderHealth {
  /** Name of the provider. */
  readonly provider: string
}

/** Asks every provider how it is, all at once; in the order of the chain. */
export async function healthReport(
  links: readonly ProviderLink[],
  signal: AbortSignal | undefined,
): Promise<readonly NamedHealth[]> {
  return untilAborted(signal, Promise.all(links.map(healthOf)))
}

async function healthOf(link: ProviderLink): Promise<NamedHealth> {
  const { guard } = link.answers
  const provider = link.name
  try {
    const said =
      link.provider.checkHealth === undefined
        ? ({ status: guard.isAvailable() ? 'ready' : 'not_configured', findings: [] } as const)
        : checked(await guard.callOnce(async context => link.provider.checkHealth?.(context)))
    if (guard.stats().breaker !== 'open') return { ...said, provider }
    const status = said.status === 'ready' ? 'degraded' : said.status
    return { ...said, provider, status, findings: [...said.findings, circuitOpen] }
  } catch (error) {
    const { kind, message, hint } = guard.failureAfter(0, error)
    const finding = { id: `provider.${kind}`, severity: 'error', message, fix: hint } as const
    return { provider, status: 'failed', kind, findings: [finding] }
  }
}

const circuitOpen = {
  id: 'provider.circuit_open',
  severity: 'warning',
  message: 'It failed several times in a row and is not asked for the moment.',
  fix: 'Mend its source; it is tried again by itself.',
} as const

const statuses: ReadonlySet<unknown> = new Set(['ready', 'degraded', 'failed', 'not_configured'])
const severities: ReadonlySet<unknown> = new Set(['info', 'warning', 'error'])

function checked(health: ProviderHealth | undefined): ProviderHealth {
  if (health !== undefined && statuses.has(health.status) && health.findings.every(isFinding)) return health
  throw new TypeError('The provider answered something that is no health.')
}

function isFinding({ id, severity, message }: Finding): boolean {
  return typeof id === 'string' && severities.has(severity) && typeof message === 'string'
}
