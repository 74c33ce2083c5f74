import type { AuditAnchorTable, AuditEntryTable } from './audit-tables.ts'
import type { AuditKey } from './audit-key.ts'

/** Stands for the hash of the entry before the first one. */
export const genesis = 'genesis'

/** Hash of an entry over every other column of it. */
export function entryHash(key: AuditKey, row: Omit<AuditEntryTable, 'hash'>): string {
  return key.sign('entry', [
    row.sequence,
    row.occurred_at,
    row.event_type,
    row.outcome,
    row.actor_id,
    row.actor_name,
    row.actor_ip,
    row.target_type,
    row.target_id,
    row.request_id,
    row.action,
    row.details,
    row.previous_hash,
  ])
}

/** Where the log begins and ends. */
export type AuditAnchor = Omit<AuditAnchorTable, 'id' | 'signature'>

/** The anchor of a log without entries. */
export const emptyAnchor: AuditAnchor = { sequence: 0, hash: genesis, first_sequence: 1, before_hash: genesis }

/** The anchor as it is stored. */
export function signedAnchor(key: AuditKey, anchor: AuditAnchor): AuditAnchorTable {
  return { id: 1, ...anchor, signature: key.sign('anchor', anchorFields(anchor)) }
}

/** Whether an anchor is as it was written. */
export function isAnchorSigned(key: AuditKey, { signature, ...anchor }: Omit<AuditAnchorTable, 'id'>): boolean {
  return key.verify(signature, 'anchor', anchorFields(anchor))
}

/** A place in the log, signed: kept elsewhere, it shows later that the log still holds it. */
export interface AuditReceipt {
  readonly sequence: number
  readonly hash: string
  readonly signature: string
}

/** Signs a place in the log. */
export function signedReceipt(key: AuditKey, { sequence, hash }: Omit<AuditReceipt, 'signature'>): AuditReceipt {
  return { sequence, hash, signature: key.sign('receipt', [sequence, hash]) }
}

/** Whether a receipt was given out by this log. */
export function isReceiptSigned(key: AuditKey, { sequence, hash, signature }: AuditReceipt): boolean {
  return key.verify(signature, 'receipt', [sequence, hash])
}

function anchorFields({ sequence, hash, first_sequence, before_hash }: AuditAnchor): readonly unknown[] {
  return [sequence, hash, first_sequence, before_hash]
}
