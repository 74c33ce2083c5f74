import type { Finding } from '@st/secrets-core'

/** One thing that was looked at. Holds no value. */
export interface DoctorCheck {
  /** Stable and dotted, for programs: `vault.token_ttl`, `git.tracked`. */
  readonly id: string
  /** `failed`: it does not work, or a secret is exposed. `warning`: it should not stay so. */
  readonly status: 'ok' | 'warning' | 'failed'
  /** What it is about: the name of a provider, `git`, `keys`. */
  readonly subject: string
  /** What was found, on which named thing. */
  readonly message: string
  /** What to do about it. */
  readonly fix?: string | undefined
}

/** What `doctor` has found. */
export interface DoctorReport {
  /** The gravest of all. */
  readonly status: DoctorCheck['status']
  /** Subject by subject; within one the gravest first. */
  readonly checks: readonly DoctorCheck[]
  /** How long it took. */
  readonly milliseconds: number
}

const statusOf: Readonly<Record<Finding['severity'], DoctorCheck['status']>> = {
  info: 'ok',
  warning: 'warning',
  error: 'failed',
}

/** A finding of a provider as a check. */
export function checkOf({ id, severity, message, fix }: Finding, subject: string): DoctorCheck {
  return { id, status: statusOf[severity], subject, message, ...(fix === undefined ? {} : { fix }) }
}

const gravity: Readonly<Record<DoctorCheck['status'], number>> = { failed: 0, warning: 1, ok: 2 }

/** The report that checks amount to. */
export function reportOf(checks: readonly DoctorCheck[], milliseconds: number): DoctorReport {
  const subjects = [...new Set(checks.map(({ subject }) => subject))]
  const sorted = subjects.flatMap(subject =>
    checks
      .filter(check => check.subject === subject)
      .toSorted((one, other) => gravity[one.status] - gravity[other.status]),
  )
  const status = checks.map(check => check.status).toSorted((one, other) => gravity[one] - gravity[other])[0] ?? 'ok'
  return { status, checks: sorted, milliseconds }
}
