import type { AuditReceipt } from './audit-chain.ts'
import { AuditError } from './audit-error.ts'
import type { AuditActor } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/**
 * Removes exported entries as {@link AuditLog.removeExported} does. An attempt that is refused is recorded, too.
 *
 * @returns How many entries were removed.
 * @throws AuditError
 */
export async function removeExported(
  audit: AuditLog,
  { before, receipt }: { readonly before: Date; readonly receipt: AuditReceipt },
  actor: AuditActor,
): Promise<number> {
  try {
    return await audit.removeExported(before, receipt, actor)
  } catch (error) {
    if (error instanceof AuditError && error.kind !== 'anchor_invalid') {
      const details = { before: before.toISOString(), code: error.code }
      await audit.record({
        type: 'audit.removed',
        outcome: 'refused',
        actor,
        action: 'Removed exported entries',
        details,
      })
    }
    throw error
  }
}
