import type { Finding, ProviderHealth } from '@st/secrets-core/provider'

const gravity: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 }

/** The health that findings amount to, unless a status is given; the gravest comes first. */
export function healthOf({
  findings,
  ...health
}: Partial<ProviderHealth> & Pick<ProviderHealth, 'findings'>): ProviderHealth {
  const sorted = findings.toSorted((first, second) => gravity[first.severity] - gravity[second.severity])
  const hasWarning = findings.some(({ severity }) => severity !== 'info')
  return { status: hasWarning ? 'degraded' : 'ready', ...health, findings: sorted }
}
