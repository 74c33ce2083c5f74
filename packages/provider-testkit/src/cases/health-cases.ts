import { deepEqual, fail, ok } from 'node:assert/strict'
import type { ProviderHealth, SecretProvider } from '@st/secrets-core/provider'
import type { ConformanceCase } from '../conformance-case.ts'
import type { ConformanceHarness } from '../conformance-harness.ts'
import { showsAny, tracesOf } from './leaks.ts'
import { calmContext, withProvider } from './provider-under-test.ts'
import { outcomeOf } from './settling.ts'

const held = { HELD_KEY: 'health-canary-3f6a' }
const statuses: readonly unknown[] = ['ready', 'degraded', 'failed', 'not_configured']
/** The gravest first. */
const severities: readonly unknown[] = ['error', 'warning', 'info']
const dottedId = /^[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+$/

/** What `checkHealth` says of a source that answers, where a provider has it. */
export function healthCases({ holding, credentials = [] }: ConformanceHarness): readonly ConformanceCase[] {
  return [
    {
      title: 'says through checkHealth, where present, that it works, in the form that the contract has',
      run: () =>
        withProvider(holding, held, async provider => {
          if (!provider.checkHealth) return
          const health = await healthOf(provider)

          expectForm(health)
          const { status } = health
          ok(status === 'ready' || status === 'degraded', `checkHealth said '${status}' of a source that answers`)
        }),
    },
    {
      title: 'gives each finding an id that stays the same, and each that is no mere information a fix',
      run: () =>
        withProvider(holding, held, async provider => {
          if (!provider.checkHealth) return
          const [first, second] = [await healthOf(provider), await healthOf(provider)]

          expectFindings(first)
          deepEqual(idsOf(second), idsOf(first), 'checkHealth must give the same findings the same ids')
        }),
    },
    {
      title: 'shows no secret and no credential in its health',
      run: () =>
        withProvider(holding, held, async provider => {
          await provider.getSecret('HELD_KEY', calmContext())
          const outcome = await outcomeOf(async () => provider.checkHealth?.(calmContext()))

          const isShown = showsAny(tracesOf(outcome), [held.HELD_KEY, ...credentials])
          ok(!isShown, 'checkHealth shows a secret or a credential')
        }),
    },
  ]
}

/** Fails unless this has the form of a {@link ProviderHealth}. */
export function expectForm({ status, latencyMs, kind, findings }: ProviderHealth): void {
  ok(statuses.includes(status), `checkHealth answered the status '${status}'`)
  ok(latencyMs === undefined || latencyMs >= 0, 'latencyMs must be a number from 0')
  ok(kind === undefined || typeof kind === 'string', 'kind must be that of a SecretError')
  ok(Array.isArray(findings), 'checkHealth must answer with a list of findings')
}

/** Fails unless each finding has what a person and a program need, the gravest first. */
export function expectFindings({ findings }: ProviderHealth): void {
  for (const { id, severity, message, fix } of findings) {
    ok(dottedId.test(id), `the id of a finding must be dotted, in lower case, such as 'file.mode'; this is '${id}'`)
    ok(severities.includes(severity), `finding ${id} has the severity '${severity}'`)
    ok(isText(message), `finding ${id} must say what was found`)
    ok(isText(fix) || (severity === 'info' && fix === undefined), `finding ${id} must say what to do about it`)
  }
  const ranks = findings.map(({ severity }) => severities.indexOf(severity))
  deepEqual(
    ranks,
    ranks.toSorted((one, other) => one - other),
    'checkHealth must name the gravest finding first',
  )
}

/** The answer of `checkHealth`; fails when it does not give one. */
async function healthOf(provider: SecretProvider): Promise<ProviderHealth> {
  const outcome = await outcomeOf(async () => provider.checkHealth?.(calmContext()))
  if (outcome.status !== 'answered' || typeof outcome.answer !== 'object')
    fail('checkHealth must answer with its health')
  return outcome.answer
}

function idsOf({ findings }: ProviderHealth): readonly string[] {
  return findings.map(({ id }) => id)
}

function isText(member: unknown): boolean {
  return typeof member === 'string' && member !== ''
}
