import type { ProviderHealth } from '../contract/provider-health.ts'
import { asSecretError } from '../chain/guarded-provider.ts'
import type { ProviderLink } from '../chain/provider-link.ts'
import { untilAborted } from '../policy/deadline.ts'

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
  if (!guard.isAvailable() && link.provider.checkHealth === undefined) {
    return { provider, status: 'not_configured', findings: [] }
  }
  try {
    const said = await guard.callOnce(async context => link.provider.checkHealth?.(context))
    const { status, findings, ...rest } = checked(said) ?? { status: 'ready', findings: [] }
    if (guard.stats().breaker !== 'open') return { provider, ...rest, status, findings }
    return { provider, ...rest, status: status === 'ready' ? 'degraded' : status, findings: [...findings, circuitOpen] }
  } catch (error) {
    const { kind, message, hint } = asSecretError(error, provider)
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

function checked(health: ProviderHealth | undefined): ProviderHealth | undefined {
  if (health === undefined || (Array.isArray(health.findings) && statuses.has(health.status))) return health
  throw new TypeError('answered something that is no health')
}
