import type { Finding, ProviderStats, SecretProvider } from '@st/secrets-core'
import { Type } from 'typebox'
import { list } from '../http/answer-schemas.ts'
import type { CheckedProvider } from './provider-checks.ts'
import type { ProviderRecord } from './provider-watch.ts'

/** The name of a provider in an address. */
export const ProviderNameSchema = Type.String({ minLength: 1, maxLength: 200 })

const Count = Type.Integer({ minimum: 0 })
const Milliseconds = Type.Number({ minimum: 0 })

/** A provider of secrets, as it was seen so far. */
export const ProviderSchema = Type.Object({
  name: Type.String(),
  available: Type.Boolean({ description: 'Whether it is configured.' }),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: 'A file, an address, a region; never a secret.',
  }),
  breaker: Type.Enum(['closed', 'open', 'half_open', 'off'], { description: '`open`: it is not asked at present.' }),
  calls: Count,
  failures: Count,
  retries: Count,
  latencyMs: Type.Optional(Type.Object({ p50: Milliseconds, p95: Milliseconds })),
  lastOkAt: Type.Optional(Type.String()),
  lastFailure: Type.Optional(Type.Object({ kind: Type.String(), at: Type.String() })),
})

/** What is shown of a provider. */
export function providerView(
  { provider: name, ...counters }: ProviderStats,
  provider: SecretProvider | undefined,
  record: ProviderRecord,
): Type.Static<typeof ProviderSchema> {
  const facts = Object.entries(provider?.describe?.() ?? {})
  return {
    name,
    available: isAvailable(provider),
    facts: Object.fromEntries(facts.flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value] as const]))),
    ...counters,
    ...record,
  }
}

/** Whether a provider says that it is configured. One that fails to say is asked all the same, and its failure told. */
export function isAvailable(provider: SecretProvider | undefined): boolean {
  try {
    return provider?.isAvailable() ?? false
  } catch {
    return true
  }
}

/** Something worth knowing, with its remedy. */
export const FindingSchema = Type.Object({
  id: Type.String({ description: 'Stable; branch on this.' }),
  severity: Type.Enum(['info', 'warning', 'error']),
  message: Type.String(),
  fix: Type.Optional(Type.String({ description: 'What to do about it.' })),
})

/** What a provider says of itself. */
export const ProviderHealthSchema = Type.Object({
  provider: Type.String(),
  status: Type.Enum(['ready', 'degraded', 'failed', 'not_configured']),
  kind: Type.Optional(Type.String({ description: 'Why it failed.' })),
  latencyMs: Type.Optional(Milliseconds),
  findings: list(FindingSchema),
  sealed: Type.Boolean({ description: 'Whether it is there and locked.' }),
  tokenSeconds: Type.Optional(Type.Integer({ description: 'For how long its token is still good.' })),
  checkedAt: Type.String(),
})

/** What is shown of a report. */
export type ProviderHealthView = Type.Static<typeof ProviderHealthSchema>

/** What is shown of a finding. */
export function findingView({ id, severity, message, fix }: Finding): Type.Static<typeof FindingSchema> {
  return fix === undefined ? { id, severity, message } : { id, severity, message, fix }
}

/** What is shown of what a provider says of itself. */
export function providerHealthView(report: CheckedProvider): ProviderHealthView {
  const { provider, status, kind, latencyMs, findings, checkedAt } = report
  const seconds = findings.flatMap(({ message }) => /^The token expires in (\d{1,12}) s/.exec(message)?.[1] ?? [])[0]
  return {
    provider,
    status,
    ...(kind === undefined ? {} : { kind }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    findings: findings.map(findingView),
    sealed: findings.some(({ id }) => id.endsWith('.sealed')),
    ...(seconds === undefined ? {} : { tokenSeconds: Number(seconds) }),
    checkedAt,
  }
}
