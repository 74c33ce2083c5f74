import type { Finding, SecretsManager } from '@st/secrets-core'
import { AuditError } from '../audit/audit-error.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { ChangingKey } from '../key-rotation/changing-key.ts'
import { KeyError } from '../key-rotation/key-error.ts'
import type { ProviderChecks } from '../providers/provider-checks.ts'
import { isAvailable } from '../providers/provider-schema.ts'
import { wellKnownKeys } from '../secrets/secret-view.ts'
import { fileFindings } from './file-findings.ts'
import { shadowFindings } from './shadow-findings.ts'

/** Something worth knowing, and what it is about. */
export interface DoctorFinding extends Finding {
  /** `provider:…`, `secrets`, `files`, `key`, `audit`. */
  readonly area: string
}

/** What is looked at. */
export interface DoctorContext {
  readonly secrets: SecretsManager
  readonly providerChecks: ProviderChecks
  readonly key: Pick<ChangingKey, 'describe'>
  readonly audit: Pick<AuditLog, 'receipt' | 'verify'>
  /** The server's own. */
  readonly folder: string
}

/** How many of the newest entries of the audit log are verified. */
const verifiedEntries = 1000

const order = { error: 0, warning: 1, info: 2 } as const

/** Looks for whatever is wrong or should not stay so, and says what to do about it; the gravest first. */
export async function examine(context: DoctorContext): Promise<readonly DoctorFinding[]> {
  const found = await Promise.all([
    ofProviders(context),
    ofSecrets(context).then(within('secrets')),
    fileFindings(context.folder).then(within('files')),
    ofKey(context).then(within('key')),
    ofAudit(context).then(within('audit')),
  ])
  return found.flat().toSorted((left, right) => order[left.severity] - order[right.severity])
}

function within(area: string): (findings: readonly Finding[]) => readonly DoctorFinding[] {
  return findings => findings.map(finding => ({ ...finding, area }))
}

async function ofProviders({ providerChecks, secrets }: DoctorContext): Promise<readonly DoctorFinding[]> {
  const unused = new Set(secrets.providers.filter(provider => !isAvailable(provider)).map(({ name }) => name))
  const reports = await providerChecks.all(true)
  return reports.flatMap(({ provider, status, findings }) => {
    // What nobody has configured is not broken; what it would take is worth knowing.
    const isUnused = status === 'not_configured' && unused.has(provider)
    return within(`provider:${provider}`)(isUnused ? findings.map(asInformation) : findings)
  })
}

function asInformation(finding: Finding): Finding {
  return { ...finding, severity: 'info' }
}

async function ofSecrets({ secrets }: DoctorContext): Promise<readonly Finding[]> {
  const { keys } = await secrets.list({ include: wellKnownKeys, fresh: true })
  return shadowFindings(keys)
}

async function ofKey({ key }: DoctorContext): Promise<readonly Finding[]> {
  try {
    const { source, fingerprint, advice } = await key.describe()
    const place = source === 'file' ? 'a file of the server' : 'the environment'
    const message = `Credentials are encrypted with the key ${fingerprint}, from ${place}.`
    const told: Finding = { id: 'key.source', severity: 'info', message }
    if (advice === undefined) return [told]
    return [told, { id: 'key.advice', severity: 'warning', message: 'A change of the key is not over.', fix: advice }]
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    return [{ id: `key.${error.kind}`, severity: 'error', message: error.message, fix: error.hint }]
  }
}

async function ofAudit({ audit }: DoctorContext): Promise<readonly Finding[]> {
  try {
    const { sequence } = await audit.receipt()
    const { valid, checked } = await audit.verify({ from: Math.max(1, sequence - verifiedEntries + 1) })
    if (!valid) return [tampered]
    const message = `The newest ${checked} of ${sequence} entries are as they were written.`
    return [{ id: 'audit.verified', severity: 'info', message }]
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return [{ id: `audit.${error.kind}`, severity: 'error', message: error.message, fix: error.hint }]
  }
}

const tampered: Finding = {
  id: 'audit.tampered',
  severity: 'error',
  message: 'The newest entries of the audit log are not as they were written.',
  fix: 'Verify the whole log (GET /api/audit/verify), and restore a backup.',
}
