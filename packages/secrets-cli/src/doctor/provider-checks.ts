import type { NamedHealth } from '@st/secrets-core'
import type { Environment } from '../command-context.ts'
import { checkOf, type DoctorCheck } from './doctor-check.ts'

/** Variables that name a provider of the standard chain: who sets one wants it asked. */
const namingVariables: Readonly<Record<string, string>> = {
  vault: 'VAULT_ADDR',
  aws: 'SIMPLETUNER_AWS_SECRET_NAME',
}

/** What providers say of themselves: whether they answer, how fast, and what should be done (R107 to R111). */
export function providerChecks(healths: readonly NamedHealth[], env: Environment): readonly DoctorCheck[] {
  if (healths.length === 0) {
    const fix = 'Install @st/provider-env or @st/provider-file, or name providers in the configuration file.'
    return [{ id: 'providers.none', status: 'warning', subject: 'providers', message: 'There is none.', fix }]
  }
  return healths.flatMap(health => [summary(health), ...findings(health, env)])
}

function summary({ provider, status, kind, latencyMs }: NamedHealth): DoctorCheck {
  const time = latencyMs === undefined ? '' : ` after ${Math.round(latencyMs)} ms`
  if (status === 'failed') {
    const why = kind === undefined ? '' : ` (${kind})`
    return { id: 'provider.failed', status: 'failed', subject: provider, message: `It cannot be asked${why}${time}.` }
  }
  if (status === 'not_configured') {
    const message = 'It is not configured, and not asked.'
    return { id: 'provider.not_configured', status: 'ok', subject: provider, message }
  }
  return { id: 'provider.ready', status: 'ok', subject: provider, message: `It is available and answers${time}.` }
}

function findings({ provider, status, findings: found }: NamedHealth, env: Environment): readonly DoctorCheck[] {
  const checks = found.map(finding => checkOf(finding, provider))
  if (status !== 'not_configured') return checks
  // Nobody has to use every provider. Who names one and does not get it is to be told.
  const isNamed = Boolean(env[namingVariables[provider] ?? ''])
  return checks.map(check => softened(check, isNamed))
}

function softened(check: DoctorCheck, isNamed: boolean): DoctorCheck {
  return check.status === 'ok' ? check : { ...check, status: isNamed ? 'warning' : 'ok' }
}
