import { setTimeout as delay } from 'node:timers/promises'
import type { SecretsManager } from '@st/secrets-core'
import type { Environment } from '../command-context.ts'
import { failureReport } from '../failure-report.ts'
import { credentialKeyChecks } from './credential-key-checks.ts'
import { type DoctorCheck, type DoctorReport, reportOf } from './doctor-check.ts'
import { gitChecks } from './git-checks.ts'
import { keyChecks } from './key-checks.ts'
import { providerChecks } from './provider-checks.ts'
import { runtimeChecks } from './runtime-checks.ts'

/** What {@link examine} looks at. */
export interface Examination {
  /** Gives the manager; what it throws is a failure of the configuration. */
  manager(): Promise<Pick<SecretsManager, 'checkHealth' | 'list' | 'getMany' | 'providers'>>
  /** Environment variables. */
  readonly env: Environment
  /** Where the key of stored credentials is by default; `undefined` without a home folder. */
  readonly keyFile: string | undefined
  /** Keys to look at that no provider lists. */
  readonly include: readonly string[]
  /** Milliseconds for everything. */
  readonly deadlineMs: number
  /** Of Node. */
  readonly nodeVersion: string
  /** Milliseconds since the epoch. */
  now(): number
}

/** Looks at everything at once, and says within the time that there is what it has found. */
export async function examine(examination: Examination): Promise<DoctorReport> {
  const { env, keyFile, include, deadlineMs, nodeVersion } = examination
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(deadlineMs)
  const within = async (subject: string, checks: Promise<readonly DoctorCheck[]>): Promise<readonly DoctorCheck[]> =>
    inTime({ subject, checks, signal, deadlineMs })
  const opening = examination.manager()
  const opened = opening.catch((): undefined => undefined)
  const checks = await Promise.all([
    within('node', Promise.resolve(runtimeChecks({ nodeVersion, env, now: examination.now() }))),
    within(
      'configuration',
      opening.then(() => []),
    ),
    within(
      'providers',
      opened.then(async manager => (manager ? providerChecks(await manager.checkHealth({ signal }), env) : [])),
    ),
    within(
      'keys',
      opened.then(async manager => (manager ? keyChecks(manager, include, signal) : [])),
    ),
    within('credential key', credentialKeyChecks(env, keyFile)),
    within(
      'git',
      opened.then(async manager => {
        const files = (manager?.providers ?? []).flatMap(provider => provider.describe?.().filePath ?? [])
        return gitChecks([...files, ...(keyFile === undefined ? [] : [keyFile])], env, signal)
      }),
    ),
  ])
  return reportOf(checks.flat(), Math.round(performance.now() - startedAt))
}

interface TimedChecks {
  readonly subject: string
  readonly checks: Promise<readonly DoctorCheck[]>
  readonly signal: AbortSignal
  readonly deadlineMs: number
}

/** Checks, or that there are none: one that fails or takes too long does not keep the others from being told. */
async function inTime({ subject, checks, signal, deadlineMs }: TimedChecks): Promise<readonly DoctorCheck[]> {
  const over = new AbortController()
  // Signals may be heard a little before the timer that goes with them.
  const late = delay(deadlineMs, 'late' as const, { signal: AbortSignal.any([over.signal]) }).catch(
    () => 'late' as const,
  )
  try {
    const found = await Promise.race([checks, late])
    return found === 'late' ? [tooLate(subject, deadlineMs)] : found
  } catch (error) {
    if (signal.aborted) return [tooLate(subject, deadlineMs)]
    const { message, hint } = failureReport(error)
    const id = `${subject.replaceAll(' ', '_')}.failed`
    return [{ id, status: 'failed', subject, message, ...(hint === undefined ? {} : { fix: hint }) }]
  } finally {
    over.abort()
  }
}

function tooLate(subject: string, deadlineMs: number): DoctorCheck {
  const id = `${subject.replaceAll(' ', '_')}.timeout`
  const message = `There was no answer within ${deadlineMs / 1000} s.`
  return {
    id,
    status: 'failed',
    subject,
    message,
    fix: 'Give it more time with --timeout, or mend what does not answer.',
  }
}
