import { AuditError } from '../audit/audit-error.ts'
import { DatabaseError } from '../database/database-error.ts'
import { KeyError } from '../key-rotation/key-error.ts'

/** How a part of the server is. */
export interface Component {
  readonly name: string
  /** `degraded`: it works, and something should be done. `off`: it is not used. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'off'
  readonly latencyMs?: number
  /** What is wrong, for people; never a secret. */
  readonly message?: string
  /** What to do about it. */
  readonly fix?: string
}

/** What a check found; `undefined` when all is well. */
export type CheckResult = Pick<Component, 'status' | 'message' | 'fix'> | undefined

/** Checks a part of the server; one that does not answer in time is unhealthy. */
export async function checkComponent(
  name: string,
  deadlineMs: number,
  check: () => Promise<CheckResult>,
): Promise<Component> {
  const startedAt = performance.now()
  const result = await within(deadlineMs, check).catch(failureOf)
  return { name, status: 'healthy', latencyMs: Math.round(performance.now() - startedAt), ...result }
}

/** The gravest of them. */
export function overallStatus(components: readonly Component[]): 'healthy' | 'degraded' | 'unhealthy' {
  const statuses = new Set(components.map(({ status }) => status))
  if (statuses.has('unhealthy')) return 'unhealthy'
  return statuses.has('degraded') ? 'degraded' : 'healthy'
}

async function within(deadlineMs: number, check: () => Promise<CheckResult>): Promise<CheckResult> {
  const late = Promise.withResolvers<CheckResult>()
  const timer = setTimeout(
    () => late.resolve({ status: 'unhealthy', message: `It did not answer within ${deadlineMs} ms.` }),
    deadlineMs,
  )
  try {
    return await Promise.race([check(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Of failures of our own the words are safe to show. */
function failureOf(error: unknown): CheckResult {
  const isOwn = error instanceof DatabaseError || error instanceof KeyError || error instanceof AuditError
  return isOwn
    ? { status: 'unhealthy', message: error.message, fix: error.hint }
    : { status: 'unhealthy', message: 'It failed.', fix: 'See the log of the server.' }
}
