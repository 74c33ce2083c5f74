import { Refusal } from '../refusal.ts'
import type { AuditEvent } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/**
 * Does what no transaction can take back, such as writing a file: it is in the audit log first, and is not done when it
 * cannot be. When it then fails, that is recorded as well.
 */
export async function recordFirst<T>(audit: AuditLog, event: AuditEvent, work: () => Promise<T>): Promise<T> {
  await audit.record(event)
  try {
    return await work()
  } catch (error) {
    await audit.record({ ...event, outcome: 'refused', details: { ...event.details, code: codeOf(error) } })
    throw error
  }
}

/** Why it failed, for the audit log: a code of ours, never a message, which may quote what was being handled. */
function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL'
}
